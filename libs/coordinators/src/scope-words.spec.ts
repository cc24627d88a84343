import { scopeInWords } from './scope-words.js';

describe('scopes in words', () => {
  const many = { reach: 'group' as const, system: 'Acadia Parish', sites: ['St. Oak', 'Elm High'], siteCount: 5 };

  it.each([
    [many, 'for 5 sites of Acadia Parish'],
    [{ ...many, served: 5 }, 'for 5 sites Acadia Parish serves'],
    [{ ...many, served: 2 }, 'for 5 sites in and served by Acadia Parish'],
    [{ ...many, served: 5, application: 'SER' }, 'for 5 sites Acadia Parish serves, for SER only'],
    [{ ...many, siteCount: 1 }, 'for St. Oak in Acadia Parish'],
    [
      { ...many, reach: 'site' as const, sites: ['St. Oak'], siteCount: 1, served: 1 },
      'for St. Oak, served by Acadia Parish',
    ],
    [{ ...many, reach: 'system' as const, sites: [], siteCount: 0 }, 'for Acadia Parish'],
    [{ reach: 'state' as const, sites: [] }, 'at the state office'],
  ])('AC-5 tell whether sites are owned or served: %#', (scope, words) => {
    expect(scopeInWords(scope)).toBe(words);
  });
});
