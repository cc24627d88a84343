import type { Designation } from '#coordinators';

/** An invented person who has an account already; `staffId` ties to apps/local/demo/staff.csv. */
export interface DemoPerson {
  userName: string;
  firstName: string;
  lastName: string;
  staffId: string;
  birthDate: string;
  /** Who this is, on the list `npm start` prints. */
  part: string;
  /** Made a coordinator of these scopes, with the statement signed. */
  decides?: Omit<Designation, 'staffMemberId'>[];
  /** Head of this school system. */
  heads?: { systemCode: string; title: string };
  /** Signs the statement without being a coordinator: may cover for one. */
  signs?: boolean;
}

/** A coordinator of every kind, heads of systems, and staff who asked for something. */
export const people: DemoPerson[] = [
  {
    userName: 'odile',
    firstName: 'Odile',
    lastName: 'Robicheaux',
    staffId: '8100000001',
    birthDate: '1971-03-02',
    part: 'state desk',
    decides: [{ reach: 'state' }],
  },
  {
    userName: 'vera',
    firstName: 'Vera',
    lastName: 'Lindholm',
    staffId: '8100000030',
    birthDate: '1974-08-21',
    part: 'state desk, the second person where one is needed',
    decides: [{ reach: 'state' }],
  },
  {
    userName: 'marcus',
    firstName: 'Marcus',
    lastName: 'Guillory',
    staffId: '8100000002',
    birthDate: '1979-11-23',
    part: 'coordinator of Acadia Parish',
    decides: [{ reach: 'system', systemCode: '001' }],
  },
  {
    userName: 'renee',
    firstName: 'Renée',
    lastName: 'Fontenot',
    staffId: '8100000003',
    birthDate: '1983-06-30',
    part: 'second coordinator of Acadia Parish',
    decides: [{ reach: 'system', systemCode: '001' }],
  },
  {
    userName: 'lena',
    firstName: 'Lena',
    lastName: 'Arceneaux',
    staffId: '8100000004',
    birthDate: '1986-01-17',
    part: 'coordinator of one school, 001005',
    decides: [{ reach: 'site', siteCodes: ['001005'] }],
  },
  {
    userName: 'theo',
    firstName: 'Theo',
    lastName: 'Batiste',
    staffId: '8100000005',
    birthDate: '1975-09-09',
    part: 'coordinator of a group of three schools in Algiers',
    decides: [{ reach: 'group', siteCodes: ['395001', '395002', '395003'] }],
  },
  {
    userName: 'simone',
    firstName: 'Simone',
    lastName: 'Ledet',
    staffId: '8100000006',
    birthDate: '1968-12-05',
    part: 'coordinator of Orleans Parish',
    decides: [{ reach: 'system', systemCode: 'R36' }],
  },
  {
    userName: 'hugo',
    firstName: 'Hugo',
    lastName: 'Delacroix',
    staffId: '8100000007',
    birthDate: '1981-05-14',
    part: 'SER-only coordinator of Orleans Parish',
    decides: [
      { reach: 'system', systemCode: 'R36', application: 'ser' },
      { reach: 'system', systemCode: 'R36', application: 'ser-iep-form' },
    ],
  },
  {
    userName: 'agnes',
    firstName: 'Agnes',
    lastName: 'Hebert',
    staffId: '8100000008',
    birthDate: '1964-02-28',
    part: 'coordinator of a diocese',
    decides: [{ reach: 'system', systemCode: '501' }],
  },
  {
    userName: 'noah',
    firstName: 'Noah',
    lastName: 'Whitfield',
    staffId: '8100000009',
    birthDate: '1977-07-21',
    part: 'head and coordinator of a charter school',
    decides: [{ reach: 'system', systemCode: 'W7A' }],
    heads: { systemCode: 'W7A', title: 'Head of school' },
  },
  {
    userName: 'gaston',
    firstName: 'Gaston',
    lastName: 'Thibodeaux',
    staffId: '8100000015',
    birthDate: '1969-01-29',
    part: 'superintendent of Acadia Parish, names its coordinators',
    heads: { systemCode: '001', title: 'Superintendent' },
  },
  {
    userName: 'emmett',
    firstName: 'Emmett',
    lastName: 'Savoie',
    staffId: '8100000017',
    birthDate: '1980-03-16',
    part: 'SER-only coordinator of the nonpublic and early-childhood sites Acadia Parish serves',
    decides: ['ser', 'ser-iep-form'].map((application) => ({
      reach: 'group',
      systemCode: '001',
      siteCodes: ['501001', '501002', '6A7001', 'E01001', 'E01002'],
      application,
    })),
  },
  {
    userName: 'yvette',
    firstName: 'Yvette',
    lastName: 'Boudreaux',
    staffId: '8100000016',
    birthDate: '1988-10-07',
    part: 'SER-only coordinator of one school, 001006',
    decides: ['ser', 'ser-iep-form'].map((application) => ({ reach: 'site', siteCodes: ['001006'], application })),
  },
  {
    userName: 'marisol',
    firstName: 'Marisol',
    lastName: 'Duhon',
    staffId: '8100000031',
    birthDate: '1970-05-30',
    part: 'superintendent of Orleans Parish',
    heads: { systemCode: 'R36', title: 'Superintendent' },
  },
  {
    userName: 'aurelie',
    firstName: 'Aurélie',
    lastName: 'Melançon',
    staffId: '8100000019',
    birthDate: '1984-08-24',
    part: 'covers for Simone this week',
    signs: true,
  },
  {
    userName: 'jonah',
    firstName: 'Jonah',
    lastName: 'Prejean',
    staffId: '8100000010',
    birthDate: '1992-10-03',
    part: 'teacher in Acadia Parish, waiting',
  },
  {
    userName: 'bianca',
    firstName: 'Bianca',
    lastName: 'Okafor',
    staffId: '8100000011',
    birthDate: '1989-08-19',
    part: 'teacher in Algiers, waiting',
  },
  {
    userName: 'corinne',
    firstName: 'Corinne',
    lastName: 'Leblanc',
    staffId: '8100000014',
    birthDate: '1973-06-11',
    part: 'principal, proposed as coordinator of her school',
  },
  {
    userName: 'zelie',
    firstName: 'Zélie',
    lastName: 'Dupré',
    staffId: '8100000023',
    birthDate: '1982-02-13',
    part: 'principal of a nonpublic school, waiting',
  },
  {
    userName: 'remy',
    firstName: 'Remy',
    lastName: 'Broussard',
    staffId: '8100000027',
    birthDate: '1995-07-08',
    part: 'works at a Head Start, waiting for the state desk',
  },
  {
    userName: 'quoc',
    firstName: 'Quoc',
    lastName: 'Tran',
    staffId: '8100000018',
    birthDate: '1991-11-02',
    part: 'teacher in Orleans Parish, waiting',
  },
  {
    userName: 'wren',
    firstName: 'Wren',
    lastName: 'Castille',
    staffId: '8100000012',
    birthDate: '1994-04-25',
    part: 'speech therapist in Acadia Parish, may use eSER',
  },
  {
    userName: 'ezra',
    firstName: 'Ezra',
    lastName: 'Vidrine',
    staffId: '8100000013',
    birthDate: '1987-03-11',
    part: 'data clerk of Acadia Parish, may use eSER; approved to become its SER-only coordinator',
  },
];

/** On staff, without an account: whom to play when you register (README, "Ten minutes with it"). */
export const newcomer = {
  firstName: 'Camille',
  lastName: 'Doucet',
  birthDate: 'April 12, 1990',
  staffId: '8100000020',
  school: 'Branch Elementary School',
};
