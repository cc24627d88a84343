import { localPath } from './local-path.js';

const origin = 'https://portal.example.gov';

/** 80 ways to leave the house, or to look as if one stayed. */
const hostile: string[] = [
  '//e',
  '//evil.test',
  '///evil.test',
  '////evil.test',
  '/\\evil.test',
  '/\\/evil.test',
  '\\\\evil.test',
  '\\/evil.test',
  '/\\\\evil.test',
  '//\\evil.test',
  'https:evil.test',
  'https:/evil.test',
  'https://evil.test',
  'https:///evil.test',
  'http://evil.test',
  'HTTPS://evil.test',
  'https:\\\\evil.test',
  'ftp://evil.test',
  'ws://evil.test',
  'blob:https://evil.test/x',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'javascript://%0aalert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'mailto:a@evil.test',
  'about:blank',
  'view-source:https://evil.test',
  'intent://evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r/evil.test',
  '\t//evil.test',
  ' //evil.test',
  '/ /evil.test\\',
  '\u0000//evil.test',
  '/\u0000/evil.test',
  '/\u00a0',
  '/\u2028/evil.test',
  '/..//evil.test',
  '/../evil',
  '/./evil',
  '/a/../b',
  '/a/./b',
  '/a/..//b',
  '/%2e%2e//evil.test',
  '/%2e/evil',
  '/.%2e/evil',
  '/a/%2E%2E/b',
  'https://portal.example.gov@evil.test',
  'https://portal.example.gov.evil.test',
  '@evil.test',
  ':80/evil',
  '/x\r\nSet-Cookie: a=b',
  '/x\nLocation: //evil.test',
  '/x\u0085y',
  '/x y',
  '/x"y',
  '/x<y>',
  '',
  ' ',
  'evil',
  'evil/path',
  './evil',
  '../evil',
  '?x=//evil.test',
  '#x',
  '.',
  '..',
  '/x\\y',
  '/\u202eevil',
  '/é',
  '/x`y',
  '/{x}',
  '/^x|y',
  `/${'a'.repeat(10_000)}`,
  '/%09/../e',
  '/x\ty',
  'null',
];

describe('WB-3 where a sign-in may lead', () => {
  it('knows 80 hostile texts', () => expect(new Set(hostile).size).toBeGreaterThanOrEqual(80));

  it.each(hostile)('%j leads to the fallback, or stays on our origin as it is', (text) => {
    const path = localPath(text, origin);
    if (path !== '/') expect(path).toBe(text);
    const resolved = new URL(path, origin);
    expect(resolved.origin).toBe(origin);
    expect(resolved.href).toBe(origin + path);
    expect(path).not.toMatch(/^\/[/\\]|[\\\s]/);
  });

  it.each(['%2f%2fevil.test', '//evil.test', '/\\evil.test', 'https://portal.example.gov/x', '/a/../b'])(
    '%j is refused',
    (text) => {
      expect(localPath(text, origin, '/fallback')).toBe('/fallback');
    },
  );

  it.each([undefined, null, 1, ['/x'], { toString: () => '/x' }])('%j is no path', (value) =>
    expect(localPath(value, origin)).toBe('/'),
  );

  it.each([
    '/',
    '/requests/new?application=ser&level=site&code=001005',
    '/review/4b5e',
    '/help#place',
    '/%2f%2fe',
    '/x?next=//evil.test',
  ])('%j is ours', (text) => {
    expect(localPath(text, origin, '/fallback')).toBe(text);
  });
});
