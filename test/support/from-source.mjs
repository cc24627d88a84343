// `node --import ./test/support/from-source.mjs apps/jobs/src/main.ts`: runs TypeScript as it stands, decorators
// included, for tests that start (and kill) real processes. Nothing has to be built first.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The source a compiled name stands for, where there is one. */
const sourceOf = (path) =>
  ['.ts', '.tsx'].map((ending) => path.replace(/\.js$/, ending)).find((source) => existsSync(source));

registerHooks({
  resolve(specifier, context, next) {
    const own =
      imports[specifier]?.replace('./dist/', '') ??
      (specifier.startsWith('.') && context.parentURL && !context.parentURL.includes('/node_modules/')
        ? specifier
        : undefined);
    const path = own && (imports[specifier] ? join(root, own) : fileURLToPath(new URL(own, context.parentURL)));
    const source = path && sourceOf(path);
    return source
      ? { url: pathToFileURL(source).href, format: 'module', shortCircuit: true }
      : next(specifier, context);
  },
  load(url, context, next) {
    if (!/\.tsx?$/.test(url) || url.includes('/node_modules/')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      sourceMaps: 'inline',
      swcrc: false,
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', tsx: filename.endsWith('x'), decorators: true },
        transform: {
          legacyDecorator: true,
          decoratorMetadata: true,
          react: { runtime: 'automatic', importSource: 'preact' },
        },
      },
      module: { type: 'es6' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
