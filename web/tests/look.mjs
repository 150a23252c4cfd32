// Takes a picture of every page at the widths of a telephone and of a laptop,
// for people to look at: node tests/look.mjs URL FOLDER [PATH…]. It signs in
// with OPENVRU_LOOK_EMAIL and OPENVRU_LOOK_PASSWORD, or uses a set-up link
// given as the URL.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { launch, signIn, widths } from './browser.mjs'

const [url, folder, ...paths] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node tests/look.mjs URL FOLDER [PATH…]')
  process.exit(2)
}
await mkdir(folder, { recursive: true })
const browser = await launch()
const context = await browser.newContext()
const page = await context.newPage()
const origin = await signIn(page, url)
for (const path of paths.length ? paths : ['/']) {
  for (const [name, viewport] of Object.entries(widths)) {
    await page.setViewportSize(viewport)
    await page.goto(origin + path)
    const file = `${path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home'}-${name}.png`
    await page.screenshot({ path: join(folder, file), fullPage: true })
    console.log(file)
  }
}
await browser.close()
