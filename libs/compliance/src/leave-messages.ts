import type { MessageKind } from '#notifications';

/** What people who leave are told. `endedNN` is one thing that ended, `more` how many others. */
export const leaveMessages = (portal: string): MessageKind[] => [
  {
    name: 'compliance.left',
    word: ({ facts }) => ({
      subject: 'Your access has ended',
      paragraphs: [
        `Your employment ended as of ${facts.day}. With it ended what you could use and decide, and you were signed out everywhere.`,
        `Reason: ${facts.reason}`,
        ...Object.keys(facts)
          .filter((name) => name.startsWith('ended'))
          .sort()
          .map((name) => `${facts[name]!}.`),
        ...(facts.more !== '0' ? [`And ${facts.more} more.`] : []),
        'If this is wrong, write to your security coordinator or to the state office. If you begin again at a school, you can ask for the same access.',
      ],
      action: { label: 'Find your security coordinator', address: `${portal}/find-coordinator` },
    }),
  },
];
