import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import { hashedForm, passphraseFault } from './passphrase-rules.js';

const owner = {
  userName: 'celeste.arceneaux',
  email: 'carceneaux2@acadia.example.org',
  firstName: 'Céleste',
  lastName: 'Arceneaux-Roy',
};
const fault = (text: string): string | undefined => passphraseFault(text, owner);
const list = readFileSync(join(projectRoot, 'config/blocked-passphrases.txt'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));
const six = ' tractor lemon orbit velvet canyon whistle';

describe('PW-1 length', () => {
  it('PW-1 14 code points are too few, 15 enough', () => {
    expect(fault('kfwq zbtl mxrd')).toContain('at least 15');
    expect(fault('kfwq zbtl mxrdv')).toBeUndefined();
  });
  it('PW-1 64 and 128 are fine, 129 refused and never cut', () => {
    const long = 'vexed quartz jumps lowly fog bank mirth piano cargo tundra lemons otter '.repeat(2);
    expect(fault(long.slice(0, 64))).toBeUndefined();
    expect(fault(long.slice(0, 128))).toBeUndefined();
    expect(fault(long.slice(0, 129))).toContain('at most 128');
  });
  it('PW-1 an emoji is one, composed and decomposed letters are the same', () => {
    expect(fault('🐊kfwqzbtlmxrdv')).toContain('this one has 14');
    expect(fault('🐊kfwqzbtlmxrdvp')).toBeUndefined();
    expect(fault('kfwqzbtlmxrdvpe\u0301')).toBeUndefined();
    expect(fault('kfwqzbtlmxrdve\u0301')).toContain('this one has 14');
    expect(hashedForm('cafe\u0301')).toBe(hashedForm('café'));
  });
});

describe('PW-2 what it may be made of', () => {
  it.each([
    'all small letters and spaces only',
    ' begins and ends with spaces ',
    'ΑΒΓΔ кириллица 漢字かな عربى',
    `~!@#$%^&*()_+-={}|[]:";'<>?`,
    '839201748264019',
  ])('PW-2 accepts %s', (text) => expect(fault(text)).toBeUndefined());
});

describe('PW-3 blocked passphrases', () => {
  it('PW-3 the list holds at least 3,000 that fit the length rule, and holds what its maker makes', () => {
    expect(new Set(list).size).toBeGreaterThanOrEqual(3000);
    expect(list.filter((line) => line.length < 15 || line !== line.toLowerCase())).toEqual([]);
    const made = execFileSync(process.execPath, [join(projectRoot, 'config/make-blocked-passphrases.mjs')], {
      encoding: 'utf8',
    });
    expect(made.split('\n').filter((line) => line && !line.startsWith('#') && !list.includes(line))).toEqual([]);
  });
  it('PW-3 every entry is refused, and accepted with six more words', () => {
    expect(list.filter((line) => fault(line) === undefined)).toEqual([]);
    expect(list.filter((line) => line.length + six.length <= 128 && fault(line + six) !== undefined)).toEqual([]);
  });
  it.each([
    'Correct Horse Battery Staple',
    'correct-horse-battery-staple',
    'CorrectHorseBatteryStaple2026',
    'PasswordPassword!!',
    'aaaaaaaaaaaaaaaaaaaaaaaaa',
    '!!!!!!!!!!!!!!!!',
    'abcabcabcabcabcabc',
    '1qaz2wsx3edc4rfv',
  ])('PW-3 refuses %s', (text) => expect(fault(text)).toBeDefined());
  it.each([
    'celeste.arceneaux',
    'celeste.arceneaux1',
    'Arceneaux Celeste 2026',
    'carceneaux2carceneaux2',
    'EdLink Security 2026',
    'edlinksecurity!!!',
    'eSER eSER eSER eSER',
    'Acadia Parish Schools 26',
    'Acadia Parish 2026!',
    'edlink-acadia-celeste',
    'ArceneauxRoy2026Edlink',
  ])('PW-3 refuses what is made from the person and the house: %s', (text) => expect(fault(text)).toBeDefined());
  it('PW-3 the person’s own words among others are fine', () =>
    expect(fault('celeste arceneaux paddles a yellow canoe')).toBeUndefined());
  it('PW-3 is quick for hostile input', () => {
    const started = performance.now();
    for (const text of ['st'.repeat(64), 'a'.repeat(100_000), 'ab'.repeat(63) + 'c']) fault(text);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
