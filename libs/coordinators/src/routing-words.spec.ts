import type { Reach } from './coordinator.js';
import { whoDecides } from './routing.js';
import type { Assignment, RoutingLine } from './routing-types.js';
import { routingSnapshot } from './snapshot.js';

const words = { place: 'Cypress Bend High', isSchool: true, system: 'Acadia Parish', application: 'SER' };
const atSite: RoutingLine = {
  application: 'ser',
  location: { level: 'site', code: '001005' },
  systemCode: '001',
  requesterId: 'teacher',
  words,
};
const atSystem: RoutingLine = { ...atSite, location: { level: 'system', code: '001' } };

const one = (id: string, reach: Reach, more: Partial<Assignment> = {}): Assignment => ({
  id,
  staffMemberId: id,
  name: `Name ${id}`,
  reach,
  systemCode: reach === 'state' ? undefined : '001',
  siteCodes: new Set(reach === 'site' || reach === 'group' ? ['001005'] : []),
  ...more,
});
/** Stands in for somebody until Friday, August 14, 2026. */
const cover = (id: string, more: Partial<NonNullable<Assignment['covers']>[number]> = {}): Partial<Assignment> => ({
  covers: [{ id: `v${id}`, staffMemberId: id, name: `Name ${id}`, until: '2026-08-15', ...more }],
});
const reasons = (line: RoutingLine, ...coordinators: Assignment[]): string[] =>
  whoDecides(routingSnapshot(coordinators), line).reasons;

describe('the reasons, in plain words', () => {
  it.each<[string, RoutingLine, Assignment[], string[]]>([
    [
      'one at the school',
      atSite,
      [one('a', 'site'), one('b', 'system')],
      ['This school has a coordinator of its own, who decides.'],
    ],
    [
      'two at the school',
      atSite,
      [one('a', 'site'), one('b', 'site')],
      ['This school has two coordinators of its own, who decide.', 'Whoever of them acts first decides.'],
    ],
    [
      'one for the application',
      atSite,
      [one('a', 'site', { application: 'ser' }), one('b', 'site')],
      ['This school has a coordinator of its own for SER, who decides.'],
    ],
    [
      'the group',
      atSite,
      [one('a', 'group'), one('b', 'system')],
      ['This school has no coordinator of its own, so the coordinator of its group of sites decides.'],
    ],
    [
      'two of the system',
      atSite,
      [one('a', 'system'), one('b', 'system'), one('c', 'state')],
      [
        'This school has no coordinator of its own, so the two coordinators of Acadia Parish decide.',
        'Whoever of them acts first decides.',
      ],
    ],
    [
      'one of the system for the application',
      atSite,
      [one('a', 'system', { application: 'ser' }), one('b', 'system')],
      ['This school has no coordinator of its own, so the coordinator for SER of Acadia Parish decides.'],
    ],
    [
      'the whole system',
      atSystem,
      [one('a', 'system'), one('b', 'site')],
      ['All sites of Acadia Parish are asked for, so the coordinator of the whole system decides.'],
    ],
    [
      'the state desk for a school',
      atSite,
      [one('a', 'state')],
      ['Neither this school nor Acadia Parish has a coordinator who can decide this, so the state office decides.'],
    ],
    [
      'the state desk for a system',
      atSystem,
      [one('a', 'state'), one('b', 'group')],
      ['Acadia Parish has no coordinator who can decide this, so the state office decides.'],
    ],
    [
      'nobody at all',
      atSite,
      [],
      [
        'Neither this school nor Acadia Parish has a coordinator who can decide this, so the state office decides.',
        'Nobody is at the state office right now. The request is kept there and seen by whoever is named next.',
      ],
    ],
    [
      'the requester is the coordinator',
      atSite,
      [one('teacher', 'site'), one('b', 'system')],
      [
        'This school has no other coordinator of its own, so the coordinator of Acadia Parish decides.',
        'The person who asks is a coordinator here too, and nobody decides for themselves.',
      ],
    ],
    [
      'a nearer one cannot sign in',
      atSite,
      [one('a', 'site', { hindrance: 'cannot-sign-in' }), one('b', 'system')],
      [
        'This school has no other coordinator of its own, so the coordinator of Acadia Parish decides.',
        'One nearer coordinator cannot sign in at present and is passed over.',
      ],
    ],
    [
      'nearer ones did not sign',
      atSite,
      [one('a', 'site', { hindrance: 'unsigned' }), one('b', 'group', { hindrance: 'unsigned' }), one('c', 'system')],
      [
        'This school has no other coordinator of its own, so the coordinator of Acadia Parish decides.',
        'Two nearer coordinators have not signed the statement and are passed over.',
      ],
    ],
    [
      'the only one is away',
      atSite,
      [one('a', 'system', cover('Ana'))],
      [
        'This school has no coordinator of its own, so the coordinator of Acadia Parish decides; Name a is away until Friday, August 14, and Name Ana decides instead.',
      ],
    ],
    [
      'one of two is away',
      atSite,
      [one('a', 'system', cover('Ana')), one('b', 'system')],
      [
        'This school has no coordinator of its own, so the two coordinators of Acadia Parish decide; one of them is away until Friday, August 14, and Name Ana decides instead.',
        'Whoever of them acts first decides.',
      ],
    ],
    [
      'both are away',
      atSite,
      [one('a', 'system', cover('Ana')), one('b', 'system', cover('Ben'))],
      [
        'This school has no coordinator of its own, so the two coordinators of Acadia Parish decide; Name a is away until Friday, August 14, and Name Ana decides instead; Name b is away until Friday, August 14, and Name Ben decides instead.',
        'Whoever of them acts first decides.',
      ],
    ],
    [
      'the other of the two stands in',
      atSite,
      [one('a', 'site', cover('b')), one('b', 'site')],
      [
        'This school has two coordinators of its own, who decide; one of them is away until Friday, August 14, and Name b decides instead.',
      ],
    ],
    [
      'who stands in is the one who asks',
      atSite,
      [one('a', 'site', cover('teacher')), one('b', 'system')],
      [
        'This school has no other coordinator of its own, so the coordinator of Acadia Parish decides.',
        'The person who asks is a coordinator here too, and nobody decides for themselves.',
        'One nearer coordinator is away, and nobody who stands in can decide this.',
      ],
    ],
    [
      'away only for another application',
      atSite,
      [one('a', 'site', cover('Ana', { application: 'canopy' }))],
      ['This school has a coordinator of its own, who decides.'],
    ],
    [
      'a site that a system serves',
      { ...atSite, served: true, words: { ...words, isSchool: false } },
      [one('a', 'system', { application: 'ser' }), one('b', 'system')],
      [
        'This site comes with the school system that serves it, Acadia Parish.',
        'This site has no coordinator of its own, so the coordinator for SER of Acadia Parish decides.',
      ],
    ],
    [
      'a site nobody is on record as serving',
      { ...atSite, systemCode: undefined, words: { ...words, isSchool: false, system: undefined } },
      [one('a', 'state'), one('b', 'system')],
      ['No school system is on record as serving this site, so the state office decides.'],
    ],
  ])('%s', (_, line, coordinators, expected) => expect(reasons(line, ...coordinators)).toEqual(expected));

  it('says site where it is no school', () => {
    expect(reasons({ ...atSite, words: { ...words, isSchool: false } }, one('a', 'state'))[0]).toMatch(
      /^Neither this site nor/,
    );
  });
});
