import { launch, signIn, widths } from './browser.mjs'
const [url, out, path, w, y, h] = process.argv.slice(2)
const b = await launch(); const p = await (await b.newContext()).newPage()
const o = await signIn(p, url)
await p.setViewportSize({ width: +w, height: +h })
await p.goto(o + path); await p.evaluate((y) => window.scrollTo(0, y), +y); await p.waitForTimeout(150)
await p.screenshot({ path: out }); await b.close()
