import { sources } from './sources.js';

/* The repository is searched by name, so a name means one thing and is there for somebody. */
const code = sources('libs', 'apps', 'config', 'test').filter((file) => /\.tsx?$/.test(file.path));
const exported = /^export (?:abstract |async )?(class|function|const|interface|type) (\w+)/gm;
const names = code.flatMap((file) =>
  [...file.text.matchAll(exported)].map(([, kind, name]) => ({ name: name!, kind: kind!, path: file.path })),
);

describe('exported names', () => {
  it('are there once', () => {
    const twice = names.filter(({ name, path }) => names.some((one) => one.name === name && one.path !== path));
    expect(twice.map(({ name, path }) => `${name} ${path}`)).toEqual([]);
  });

  it('of functions, classes and values are used by another file than their own', () => {
    const unused = names.filter(
      ({ name, kind, path }) =>
        !['interface', 'type'].includes(kind) &&
        !code.some((file) => file.path !== path && new RegExp(`\\b${name}\\b`).test(file.text)),
    );
    expect(unused.map(({ name, path }) => `${name} ${path}`)).toEqual([]);
  });
});
