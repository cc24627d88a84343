// What `npm start`, `npm test`, `npm run jobs|bench|check` begin with, on the Node that npm runs on (20 or newer):
// install what package-lock.json names, build, then hand over to the Node 24 that came with the packages.
// `build` ends there, for installations. Nothing here needs a package; a second run finds everything done and goes straight on.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [task = 'start', ...rest] = process.argv.slice(2);
process.chdir(root);

try {
  install();
  const node = findNode();
  if (task !== 'check') build(node);
  await run(node, task, rest);
} catch (fault) {
  console.error(`\n${fault.message}`);
  process.exitCode = 1;
}

/**
 * Installs what package-lock.json names, unless that is what is there; it changes neither that file nor package.json.
 * Packages run no scripts. Not `npm ci`: it insists on an entry for every platform, and the file has those of Linux.
 */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync('package-lock.json'))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  const stamp = 'node_modules/.installed';
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages (the first time takes about a minute) ...');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const flags = [
    'install',
    '--no-save',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status } = spawnSync(npm[0], [...npm.slice(1), ...flags], { stdio: 'inherit' });
  if (status !== 0)
    throw new Error(
      'The packages could not be installed; npm says above why. Check the network and run the command again.',
    );
  writeFileSync(stamp, wanted);
}

/** Node 24 from the packages; where there is none for this platform, the Node that runs this, if it is new enough. */
function findNode() {
  const packed = join('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(packed) && spawnSync(packed, ['--version']).status === 0) return join(root, packed);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} is too old for this platform (${process.platform}-${process.arch}): install Node 24 and run the command again.`,
  );
}

/** Compiles to dist/, unless no source changed since the last time; `local` sees every other app. */
function build(node) {
  const now = createHash('sha256');
  for (const folder of ['apps', 'libs', 'config', 'bench']) fingerprint(folder, now);
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json']) now.update(readFileSync(file));
  const wanted = now.digest('hex');
  const stamp = 'dist/.built';
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Building ...');
  rmSync('dist', { recursive: true, force: true });
  const { status } = spawnSync(node, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed; the compiler says above where.');
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, wanted);
}

function fingerprint(folder, hash) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) fingerprint(path, hash);
    else if (/\.tsx?$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name)) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path} ${mtimeMs} ${size}\n`);
    }
  }
}

async function run(node, name, args) {
  const esm = ['--enable-source-maps'];
  const tasks = {
    build: [],
    start: [[...esm, 'dist/apps/local/src/main.js', ...args]],
    jobs: [[...esm, 'dist/apps/local/src/jobs.js', ...args]],
    bench: [[...esm, 'dist/bench/main.js', ...args]],
    test: [
      ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', ...args],
    ],
    check: [
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit', '--incremental', 'false'],
      ['node_modules/eslint/bin/eslint.js', '.'],
      ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    ],
  };
  if (!tasks[name]) throw new Error(`There is no task ${name}; there are ${Object.keys(tasks).join(', ')}.`);
  for (const command of tasks[name]) {
    const code = await handOver(node, command);
    if (code !== 0) {
      process.exitCode = code;
      return;
    }
  }
}

/** Runs a program in the foreground; Ctrl-C and a closed terminal are the program's to handle, and we wait for it to end. */
function handOver(node, args) {
  return new Promise((resolve) => {
    const child = spawn(node, args, { stdio: 'inherit' });
    for (const told of ['SIGINT', 'SIGHUP']) process.on(told, () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}
