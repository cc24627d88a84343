import type { MessageKind, Wording } from '#notifications';

/** What people are told about their access. Facts hold names and words; subjects are static (ML-3). */
export const grantMessages = (portal: string): MessageKind[] => {
  const kind = (
    name: string,
    subject: string,
    paragraphs: (facts: Record<string, string>) => string[],
    action?: Wording['action'],
  ): MessageKind => ({ name, word: ({ facts }) => ({ subject, paragraphs: paragraphs(facts), action }) });
  const ask = { label: 'Ask for a permission', address: `${portal}/requests/new` };
  const look = { label: 'See what you may use', address: `${portal}/access` };
  return [
    kind('grants.revoked', 'Access of yours was ended', ({ permission, place, reason }) => [
      `You can no longer use ${permission} at ${place}.`,
      `Reason: ${reason}`,
      'If you think this is wrong, write to your security coordinator.',
    ]),
    kind('grants.suspended', 'Access of yours rests', ({ permission, place, reason }) => [
      `${permission} at ${place} cannot be used for now.`,
      `Reason: ${reason}`,
      'Your security coordinator can let it go on.',
    ]),
    kind(
      'grants.resumed',
      'Access of yours goes on',
      ({ permission, place }) => [`You can use ${permission} at ${place} again.`],
      look,
    ),
    kind(
      'grants.renewed',
      'Access of yours was renewed',
      ({ permission, place, through }) => [`You can use ${permission} at ${place} through ${through}.`],
      look,
    ),
    kind(
      'grants.unused',
      'Access you do not use will rest',
      ({ application, day }) => [
        `You have not used ${application} for a while. From ${day} on your access to it rests.`,
        `To keep it, sign in to ${application} before. If you need it no longer, there is nothing to do.`,
      ],
      look,
    ),
    {
      name: 'grants.ends-soon',
      word: ({ facts }) => ({
        subject: 'Access of yours ends soon',
        paragraphs: [
          `The last day you can use this is ${facts.day}:`,
          ...Object.keys(facts)
            .filter((name) => name.startsWith('what'))
            .sort()
            .map((name) => `${facts[name]!}.`),
          ...(facts.more === '0' ? [] : [`And ${facts.more} more.`]),
          'Do you need it longer? Then ask now: whoever decides at the place needs some days. If not, there is nothing to do.',
        ],
        action: { label: 'Ask to keep it longer', address: `${portal}/access` },
      }),
    },
    kind('grants.rests-unused', 'Access you did not use rests', ({ application }) => [
      `You have not used ${application} for 90 days, so your access to it rests.`,
      'Your security coordinator can let it go on.',
    ]),
    kind(
      'grants.place-changed',
      'Access of yours ended with a place',
      ({ place, permissions, cause }) => [
        `${cause} What you could use at ${place} has ended: ${permissions}.`,
        'Ask anew where you work now; whoever decides there answers.',
      ],
      ask,
    ),
    kind('grants.place-ended', 'Access ended with a place', ({ place, people, cause }) => [
      `${cause} What ${people} could use at ${place} has ended. They were told, and can ask anew where they work now.`,
    ]),
  ];
};
