import fc from 'fast-check';
import { backoff } from './backoff.js';
import { mailParts, withoutLinks } from './mail-parts.js';

const origins = ['http://localhost:3000', 'http://localhost:3001'];
const visible = (text: string): string => text.replaceAll('\u2060', '');

describe('words of a mail', () => {
  it.each([
    '<a href=//evil.test>click</a>',
    'http://evil.test',
    'evil.test/login',
    'www.evil.test',
    'mailto:x@evil.test',
    '"><script>alert(1)</script>',
    'javascript:alert(1)',
    '\\\\evil.test\\share',
  ])('ML-3 a name cannot start a link or a tag: %s', (name) => {
    const { text, html } = mailParts(
      { subject: 'A request waits for you', paragraphs: [`${name} asks for access.`] },
      origins,
    );
    for (const part of [text, html.slice(html.indexOf('<body'))]) {
      expect(part).not.toMatch(/https?:\/\/|evil\.test|www\.\w|mailto:\w|javascript:\w|\\\\\w/);
    }
    expect(html).not.toMatch(/<a[ >]|<script/);
    expect(text).not.toContain('<');
  });

  it('leaves what people read as it is', () => {
    for (const line of [
      'Mr. St. Cyr asks for SER / IEP Form.',
      'R-2026-000123 came at 9:15 AM',
      "O'Neill-Díaz",
      '3 < 5 and 7 > 6',
    ])
      expect(withoutLinks(line)).toBe(line);
    expect(visible(withoutLinks('J.R. Aucoin (ser/iep)'))).toBe('J.R. Aucoin (ser/iep)');
  });

  it('ML-3 any text stays text: the HTML part holds no tag that came from it', () => {
    const tags = (html: string): string[] => html.match(/<[a-z!/][^>]*>/gi) ?? [];
    const none = tags(mailParts({ subject: 'x', paragraphs: ['y'] }, origins).html);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect(tags(mailParts({ subject: 'x', paragraphs: [text.replaceAll('\n', ' ')] }, origins).html)).toEqual(none),
      ),
    );
  });

  it('carries one link, in both parts, to an address of ours only', () => {
    const action = { label: 'Open the request', address: 'http://localhost:3000/review/1?a=1&b=2' };
    const { text, html } = mailParts({ subject: 'x', paragraphs: ['y'], action }, origins);
    expect(text).toContain('Open the request:\nhttp://localhost:3000/review/1?a=1&b=2\n');
    expect(html).toContain('<a href="http://localhost:3000/review/1?a=1&#38;b=2"');
    for (const address of [
      'http://evil.test/review/1',
      'javascript:alert(1)',
      'http://localhost:3000@evil.test/',
      'not an address',
    ]) {
      expect(() => mailParts({ subject: 'x', paragraphs: ['y'], action: { label: 'z', address } }, origins)).toThrow(
        'not ours',
      );
    }
  });

  it.each(['', 'a\r\nBcc: b@evil.test', 'x'.repeat(121)])(
    'ML-3 refuses a subject that is not one short line',
    (subject) => {
      expect(() => mailParts({ subject, paragraphs: [] }, origins)).toThrow('one short line');
    },
  );
});

describe('waiting before the next try', () => {
  it('R-09 doubles from 30 seconds to 15 minutes and is never longer', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 200].map((attempts) => backoff(attempts, 1) / 1000)).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
    expect(backoff(1, 0)).toBe(24_000);
  });
});
