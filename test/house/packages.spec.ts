import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import { isSpec, sources, textOf } from './sources.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}
interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; link?: boolean; optional?: boolean }
  >;
}

const manifest = JSON.parse(textOf('package.json')) as Manifest;
const minimum = JSON.parse(textOf('config/min-versions.json')) as {
  packages: { name: string; minimum: string; except?: string[]; because: string }[];
};
const lock = JSON.parse(textOf('package-lock.json')) as Lock;
const installed = Object.entries(lock.packages).filter(([path]) => path);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Where a package may be imported, so that it can be replaced and reviewed in one place. */
const homes: Record<string, RegExp> = {
  nodemailer: /^libs\/notifications\/src\/delivery\//,
  'oidc-provider': /^libs\/tokens\//,
  'smtp-server': /^apps\/local\/src\/mailbox\//,
  mailparser: /^apps\/local\/src\/mailbox\//,
  'graphile-worker': /^(apps\/jobs\/|config\/migrate\.ts$)/,
  'nest-commander': /^apps\/jobs\//,
  '@node-rs/argon2': /^libs\/accounts\//,
  yauzl: /^libs\/sites\/src\/zip-file\.ts$/,
  'openid-client': /^apps\/(portal|eser)\//,
  pg: /^(apps\/local|apps\/jobs|libs\/tokens|config)\//,
};

const atLeast = (version: string, least: string): boolean => {
  const [one, other] = [version, least].map((text) => text.split('-')[0]!.split('.').map(Number));
  for (let n = 0; n < 3; n++) if (one![n]! !== other![n]!) return one![n]! > other![n]!;
  return true;
};

describe('packages', () => {
  it('OP-4 none is older than config/min-versions.json says, at any depth', () => {
    const old = installed.flatMap(([path, { version }]) => {
      const name = nameOf(path);
      const rule = minimum.packages.find((one) =>
        one.name.endsWith('/*') ? name.startsWith(one.name.slice(0, -1)) : name === one.name,
      );
      return rule && version && !rule.except?.includes(name) && !atLeast(version, rule.minimum)
        ? [`${path} ${version} < ${rule.minimum}: ${rule.because}`]
        : [];
    });
    expect(old).toEqual([]);
    for (const { name } of minimum.packages)
      expect(installed.some(([path]) => nameOf(path).startsWith(name.replace('*', '')))).toBe(true);
  });

  it('OP-4 what is installed is what the lock file names', () => {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const { version } = JSON.parse(readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      };
      expect({ name, version }).toEqual({ name, version: lock.packages[`node_modules/${name}`]?.version });
    }
  });

  it('OP-4 at most 40 packages are named directly by what runs in production', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(40);
  });

  it('OP-4 every direct version is exact', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('OP-4 the lock file names no registry and holds a checksum for each package', () => {
    expect(textOf('package-lock.json')).not.toMatch(
      /https?:\/\/(?!opencollective|github|paypal|buymeacoffee|www\.|tidelift)[^"]*\.tgz/,
    );
    expect(installed.filter(([, entry]) => entry.resolved !== undefined && !entry.link).map(([path]) => path)).toEqual(
      [],
    );
    expect(installed.filter(([, entry]) => !entry.integrity && !entry.link).map(([path]) => path)).toEqual([]);
  });

  it('OP-4 packages run no install scripts', () => {
    expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    expect(textOf('apps/local/prepare.mjs')).toContain(`'--ignore-scripts'`);
  });

  it('packages with a home are imported nowhere else', () => {
    const strays = sources('libs', 'apps', 'config')
      .filter((file) => !isSpec(file.path))
      .flatMap((file) =>
        file.imports
          .filter((target) => homes[target] && !homes[target].test(file.path))
          .map((target) => `${file.path} imports ${target}`),
      );
    expect(strays).toEqual([]);
  });

  it('only config/settings.ts reads the environment', () => {
    const readers = sources('libs', 'apps', 'config').filter(
      (file) => !isSpec(file.path) && /process\.env\b/.test(file.text) && file.path.endsWith('.mjs') === false,
    );
    expect(readers.map((file) => file.path)).toEqual(['config/settings.ts']);
  });

  it('every package the code imports is named in package.json', () => {
    const { dependencies, devDependencies } = manifest;
    const known = (target: string, spec: boolean): boolean => {
      if (/^(\.|#|node:)/.test(target)) return true;
      const name = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
      return name in dependencies || (spec && name in devDependencies);
    };
    const unknown = sources('libs', 'apps', 'config', 'test', 'bench').flatMap((file) =>
      file.imports
        .filter(
          (target) =>
            !known(target, isSpec(file.path) || file.path.startsWith('bench/') || file.path.startsWith('apps/local/')),
        )
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(unknown).toEqual([]);
  });
});
