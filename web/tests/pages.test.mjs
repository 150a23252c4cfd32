// The product's pages in a real browser, over the invented London: what a
// person does from their first link to a figure's file, by mouse, by keyboard
// and without scripts; and every page at the widths of a telephone and of a
// laptop, without barriers, complaints or sideways scrolling.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import assert from 'node:assert/strict'
import { barriers, browserPath, complaints, launch, overflow, person, serve, signIn, widths } from './browser.mjs'

const binary = process.env.OPENVRU_BINARY || join(dirname(fileURLToPath(import.meta.url)), '../../bin/vru')
const missing = !browserPath() ? 'Chromium is not installed' : !existsSync(binary) ? `${binary} is not built: run make build` : ''
if (missing && process.env.CI) throw new Error(missing)

// A month of street-level crime that the demonstration does not hold.
const sample = `Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context
,2021-01,City of London Police,City of London Police,-0.113767,51.517372,On or near Stone Buildings,E01000914,Camden 028B,Anti-social behaviour,,
0cbac6ab1c6a4d7d3ecd9b8b6bea7a7bd1c9a0a8b87b1d05ed23ac92cbdd10e5,2021-01,City of London Police,City of London Police,-0.111497,51.518226,On or near Pedestrian Subway,E01000914,Camden 028B,Robbery,Investigation complete; no suspect identified,
`

describe('the pages in a browser', { skip: missing || false }, () => {
  let folder, server, browser, context, page, origin, found
  let submission // the path of the file that the test sends

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openvru-pages-'))
    await promisify(execFile)(binary, ['demo', '--dir', folder, '--no-serve', '--incidents', '0.01'], { timeout: 240_000 })
    server = await serve(binary, ['serve', '--db', join(folder, 'openvru.db'), '--data', join(folder, 'openvru-data'), '--addr', '127.0.0.1:0'])
    browser = await launch()
    context = await browser.newContext()
    page = await context.newPage()
    found = complaints(page)
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test('the first link sets the administrator up and signs them in', async () => {
    origin = await signIn(page, server.link)
    assert.match(await page.textContent('.vru-demo'), /Invented data/)
    assert.match(await page.textContent('h1'), /What needs you/)
  })

  test('a file is sent, checked, read and accepted', async () => {
    const file = join(folder, '2021-01-city-of-london-street.csv')
    await writeFile(file, sample)
    await page.goto(origin + '/submissions/new')
    await page.check('input[name=source][value=police-uk]')
    await page.setInputFiles('input[type=file]', file)
    await page.click('main button[type=submit]')
    await page.waitForURL(/\/submissions\/[0-9a-f-]+$/)
    submission = new URL(page.url()).pathname
    await page.click('text=Accept this file', { timeout: 30_000 })
    assert.match(await page.textContent('main'), /January 2021/)
    await page.click('main button[type=submit]')
    await page.waitForSelector('text=Its figures count since', { timeout: 30_000 })
  })

  test('a sentence of the report leads down to the file and its hash', async () => {
    await page.goto(origin + '/reports/violence?place=region/E12000007&year=2020&against=2019')
    assert.match(await page.textContent('.report h1'), /2020 against 2019/)
    await page.click('#summary a.report-figure >> nth=0')
    await page.waitForURL(/\/figures\//)
    assert.match(await page.textContent('main'), /The question[\s\S]*The counts[\s\S]*The files/)
    await page.click('main a[href^="/files/"] >> nth=0')
    assert.match(await page.textContent('.govuk-caption-l'), /^[0-9a-f]{64}$/)
    await page.click('main h2 a >> nth=0')
    assert.match(await page.textContent('main'), /Download the file as it was sent/)
  })

  test('the keyboard reaches a place and its figures', async () => {
    await page.setViewportSize(widths.wide)
    await page.goto(origin + '/places')
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Skip to main content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('camden')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=camden/)
    await tabTo(page, (text) => text === 'Camden')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/places\/borough\//)
    await tabTo(page, (text) => text === 'The numbers behind this chart')
    await page.keyboard.press('Enter')
    assert.ok(await page.isVisible('.vru-chart table'))
    await page.setViewportSize(widths.narrow)
    await page.goto(origin + '/')
    await tabTo(page, (text) => text.startsWith('Menu'))
    await page.keyboard.press('Enter')
    await tabTo(page, (text) => text === 'Places')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/places$/)
  })

  test('everything works without scripts', async () => {
    const bare = await browser.newContext({ javaScriptEnabled: false })
    const plain = await bare.newPage()
    await plain.goto(origin + '/sign-in')
    await plain.fill('#email', person.email)
    await plain.fill('#password', person.password)
    await plain.click('main button[type=submit]')
    await plain.waitForURL(origin + '/')
    const file = join(folder, '2021-02-city-of-london-street.csv')
    await writeFile(file, sample.replaceAll('2021-01', '2021-02'))
    await plain.goto(origin + '/submissions/new')
    await plain.check('input[name=source][value=police-uk]')
    await plain.setInputFiles('#file', file)
    await plain.click('main button[type=submit]')
    await plain.waitForURL(/\/submissions\/[0-9a-f-]+$/)
    await plain.waitForSelector('text=Accept this file', { timeout: 30_000 })
    await plain.setViewportSize(widths.narrow)
    await plain.goto(origin + '/places/borough/E09000007')
    assert.ok(await plain.isVisible('nav >> text=Submissions'), 'the navigation is shown without scripts')
    assert.ok(await plain.isVisible('svg.chart-narrow >> nth=0'))
    await bare.close()
  })

  test('every page has no barrier and does not scroll sideways', { timeout: 240_000 }, async (t) => {
    for (const [name, path] of await paths()) {
      await t.test(name, async () => {
        for (const [width, viewport] of Object.entries(widths)) {
          await page.setViewportSize(viewport)
          await page.goto(origin + path)
          assert.deepEqual(await barriers(page), [], `${path}, ${width}`)
          assert.ok(await overflow(page) <= 0, `${path} scrolls sideways at ${viewport.width} pixels`)
        }
      })
    }
  })

  test('a stranger meets no barrier either', async () => {
    const stranger = await (await browser.newContext()).newPage()
    const complained = complaints(stranger)
    for (const path of ['/sign-in', '/about', '/accessibility', '/submissions']) {
      for (const viewport of Object.values(widths)) {
        await stranger.setViewportSize(viewport)
        await stranger.goto(origin + path)
        assert.deepEqual(await barriers(stranger), [], path)
        assert.ok(await overflow(stranger) <= 0, `${path} scrolls sideways`)
      }
    }
    assert.deepEqual(complained, [])
  })

  test('no page made the browser complain', () => {
    assert.deepEqual(found, [])
  })

  // paths are the pages to look at, by name; some are found by following links.
  async function paths () {
    const link = async (from, selector) => {
      await page.goto(origin + from)
      const href = await page.getAttribute(selector, 'href')
      assert.ok(href, `${from} has no link ${selector}`)
      return href
    }
    const ward = await link('/places/borough/E09000007', '#inside tbody th a >> nth=0')
    const lsoa = await link(ward.split('?')[0], ':is(#inside tbody th a, #inside .vru-names a) >> nth=0')
    const figure = await link('/places/borough/E09000007', '#main-content table .govuk-table__cell--numeric a >> nth=0')
    const file = await link(figure, 'a[href^="/files/"] >> nth=0')
    const one = await link('/people', 'tbody th a >> nth=0')
    const earlier = await link('/submissions?source=mps-monthly', 'tbody th a >> nth=0')
    return [
      ['home', '/'], ['submissions', '/submissions'], ['send a file', '/submissions/new'],
      ['a submission', submission], ['its findings', submission + '/findings'], ['what it changed', submission + '/changes'],
      ['a wide file', earlier], ['what that changed', earlier + '/changes'],
      ['accept', submission + '/accept'], ['withdraw', submission + '/withdraw'],
      ['sources', '/sources'], ['a source', '/sources/police-uk'],
      ['places', '/places'], ['a search', '/places?q=wood'], ['a region', '/places/region/E12000007'],
      ['a borough', '/places/borough/E09000007?series=police.robbery'], ['a ward', ward], ['an LSOA', lsoa],
      ['a bad question', '/places/borough/E09000007?period=sometime'],
      ['the report', '/reports/violence?place=borough/E09000007&year=2020&against=2019'],
      ['no report', '/reports/violence?year=1999&against=1998'],
      ['a figure', figure], ['a file', file],
      ['work', '/jobs'], ['people', '/people'], ['add a person', '/people/new'], ['a person', one],
      ['audit log', '/audit?verify=yes'], ['password', '/password'],
      ['about', '/about'], ['accessibility', '/accessibility']
    ]
  }
})

// focused is the text of what has the keyboard's focus.
function focused (page) {
  return page.evaluate(() => (document.activeElement?.innerText || document.activeElement?.id || '').trim())
}

// tabTo presses Tab until the focus is where it should be.
async function tabTo (page, there) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    if (there(await focused(page))) return
  }
  assert.fail('the keyboard does not get there in 80 steps')
}
