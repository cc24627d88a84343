import type { MessageKind } from '#notifications';

/** What people are told about covers. Facts hold names and days in words. */
export const coverMessages = (portal: string): MessageKind[] => [
  {
    name: 'coordinators.cover-named',
    word: ({ facts }) => ({
      subject: 'Somebody stands in for a security coordinator',
      paragraphs: [
        `${facts.standsIn} decides requests in place of ${facts.absent}, from ${facts.from} until ${facts.last}. Requests that wait already are included.`,
        'Whoever stands in needs to have signed the confidentiality statement, and decides no request of their own.',
      ],
      action: { label: 'See who stands in for whom', address: `${portal}/cover` },
    }),
  },
  {
    name: 'coordinators.cover-ended',
    word: ({ facts }) => ({
      subject: 'Standing in for a security coordinator has ended',
      paragraphs: [`${facts.standsIn} no longer decides requests in place of ${facts.absent}.`],
      action: { label: 'See who stands in for whom', address: `${portal}/cover` },
    }),
  },
];
