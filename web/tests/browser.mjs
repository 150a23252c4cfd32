// What the browser tests share: a browser, the product it looks at, and what
// every page must be.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

// The widths that every page is looked at: a telephone and a council laptop.
export const widths = { narrow: { width: 360, height: 740 }, wide: { width: 1366, height: 768 } }

// The browser: CHROMIUM, or the first of the usual names that is there.
export function browserPath () {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return process.env.CHROMIUM || usual.find((path) => existsSync(path))
}

export function launch () {
  return chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] })
}

export const person = { email: 'ada@example.org', password: 'correct horse battery staple' }

// signIn opens a set-up link, or signs the same person in at an address, and
// returns the address of the site.
export async function signIn (page, url) {
  const origin = new URL(url).origin
  if (url.includes('/set-up/')) {
    await page.goto(url)
    await page.fill('#name', 'Ada Analyst')
    await page.fill('#email', person.email)
    await page.fill('#password', person.password)
    await page.click('button[type=submit]')
  } else {
    await page.goto(origin + '/sign-in')
    await page.fill('#email', person.email)
    await page.fill('#password', person.password)
    await page.click('main button[type=submit]')
  }
  await page.waitForURL(origin + '/')
  return origin
}

// serve starts the product and waits for the link it prints for its first
// administrator.
export async function serve (binary, args) {
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const link = await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      said += chunk
      const found = said.match(/https?:\/\/\S+\/set-up\/\S+/)
      if (found) resolve(found[0])
    })
    child.on('exit', (code) => reject(new Error(`vru ended with ${code}: ${said}`)))
    setTimeout(() => reject(new Error(`vru printed no link in a minute: ${said}`)), 60_000).unref()
  })
  return { link, stop: () => new Promise((resolve) => { child.on('exit', resolve); child.kill('SIGTERM') }) }
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// known is the one finding that is not one: the file picker of GOV.UK Frontend
// is named by its label and then by all of its own words, which are what one
// sees; the rule does not put the words of three elements together.
const known = (v) => v.id === 'label-content-name-mismatch' && v.nodes.every((n) => n.html.includes('govuk-file-upload-button'))

// barriers runs the automated accessibility rules over a page and returns what
// they found, as lines. The rules are put in from outside the page, so that
// its own content security policy stays in force.
export async function barriers (page) {
  const client = await page.context().newCDPSession(page)
  await client.send('Runtime.evaluate', { expression: axeSource })
  const { result, exceptionDetails } = await client.send('Runtime.evaluate', {
    expression: `const known = ${known}; ` + "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => r.violations.filter((v) => !known(v)).map((v) => v.id + ': ' + v.help + ' | ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')))",
    awaitPromise: true,
    returnByValue: true
  })
  await client.detach()
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text)
  return result.value
}

// complaints collects what a page's console and policy object to.
export function complaints (page) {
  const found = []
  page.on('console', (m) => {
    // A page that says what is wrong has the status of an error, and Chromium logs that.
    const status = m.text().startsWith('Failed to load resource: the server responded with a status of 4') && m.location().url === page.url()
    if (!status && (m.type() === 'error' || m.type() === 'warning')) found.push(`${page.url()}: ${m.text()}`)
  })
  page.on('pageerror', (e) => found.push(`${page.url()}: ${e.message}`))
  page.on('requestfailed', (r) => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') found.push(`${r.url()}: ${r.failure()?.errorText}`) })
  return found
}

// overflow is how many pixels a page is wider than its window.
export function overflow (page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
