// Builds the map bundle into the given `public` folder: node build.mjs FOLDER
import { build } from 'esbuild'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const target = process.argv[2]
if (!target) throw new Error('usage: node build.mjs FOLDER')

const { metafile } = await build({
  entryPoints: { map: 'src/map.js', mapstyle: 'node_modules/ol/ol.css' },
  outdir: join(target, 'nextgeoss'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2021',
  legalComments: 'none',
  metafile: true,
})
await mkdir(join(target, 'geo'), { recursive: true })
await cp('node_modules/world-atlas/countries-110m.json', join(target, 'geo', 'countries-110m.json'))
await writeFile(join(target, 'nextgeoss', 'LICENSES.txt'), await licences(packages(metafile)))

// The packages whose code is in the bundle.
function packages(metafile) {
  const names = Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
  return [...new Set([...names.filter(Boolean), 'world-atlas'])].sort()
}

async function licences(names) {
  const texts = await Promise.all(names.map(licence))
  return texts.join(`\n${'-'.repeat(100)}\n\n`)
}

async function licence(name) {
  const folder = join('node_modules', name)
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const files = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']
  const found = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8').catch(() => '')))
  const text = found.find(Boolean) ?? `Licence: ${license}\n`
  return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n')}`
}
