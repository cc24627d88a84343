import { isUserName, userNameKey } from './user-name.js';

describe('ID-5 user names', () => {
  it.each(['abc', 'marie.landry', 'M-Landry_2', 'a'.repeat(32), '007'])('ID-5 accepts %s', (text) =>
    expect(isUserName(text)).toBe(true),
  );

  it.each([
    'ab',
    'a'.repeat(33),
    'marie@acadia.example',
    'marie.',
    '.marie',
    'marie landry',
    'mаrie',
    'ｍarie',
    'marıe',
    'marie\n',
    ' marie',
    'ma\u200brie',
    '',
    '---',
    'märie',
    'a/b',
  ])('ID-5 refuses %j', (text) => expect(isUserName(text)).toBe(false));

  it('ID-5 letters that differ only in case are one name', () =>
    expect(userNameKey('Marie.Landry')).toBe(userNameKey('mARIE.lANDRY')));
  it('ID-5 look-alikes typed at sign-in fold to the same key or to none', () =>
    expect(userNameKey('ＭＡＲＩＥ')).toBe('marie'));
});
