// Builds the front end into internal/web/assets/dist: style sheets through
// sass, scripts through esbuild, every file named by its contents so that a
// browser may keep it for ever, and a manifest that says which name is which.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '../internal/web/assets/dist')

// Every file of the front end: its plain name and how its bytes are made.
const files = {
  'app.css': () => style('styles/app.scss'),
  'moj.css': () => style('styles/moj.scss'),
  'app.js': () => script('scripts/app.js'),
  'favicon.svg': () => readFile(join(here, 'images/favicon.svg')),
  'licences.txt': licences
}

function style (path) {
  const { css } = sass.compile(join(here, path), {
    loadPaths: [here, join(here, 'node_modules')],
    style: 'compressed',
    quietDeps: true
  })
  return Buffer.from(css)
}

async function script (path) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, path)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false
  })
  return Buffer.from(outputFiles[0].contents)
}

// The notices of what is built in travel with it.
async function licences () {
  const parts = ['The styles and scripts of these pages contain:\n']
  for (const name of ['govuk-frontend', '@ministryofjustice/frontend']) {
    const text = await readFile(join(here, 'node_modules', name, 'package.json'), 'utf8')
    const { version, license } = JSON.parse(text)
    parts.push(`- ${name} ${version}, ${license} licence, Crown copyright`)
  }
  parts.push('', await readFile(join(here, 'mit.txt'), 'utf8'))
  return Buffer.from(parts.join('\n'))
}

// named puts a file's fingerprint into its name: app.css → app-3f2a….css.
function named (name, bytes) {
  const print = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const ext = extname(name)
  return `${name.slice(0, -ext.length)}-${print}${ext}`
}

async function empty (folder) {
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder)) {
    if (entry !== '.keep') await rm(join(folder, entry), { recursive: true })
  }
}

await empty(dist)
const manifest = {}
for (const [name, make] of Object.entries(files)) {
  const bytes = await make()
  manifest[name] = named(name, bytes)
  await writeFile(join(dist, manifest[name]), bytes)
}
await writeFile(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
console.log(`built ${Object.keys(manifest).length} files into internal/web/assets/dist`)
