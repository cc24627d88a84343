import type { MessageKind } from '#notifications';

/** What people are told about their duties; `duty` says which one and where. */
export const dutyMessages = (portal: string): MessageKind[] => [
  {
    name: 'coordinators.duty-named',
    word: ({ facts }) => ({
      subject: `You are named as ${facts.duty}`,
      paragraphs: [
        `From ${facts.day} on you are ${facts.duty}. Some requests for access need your approval as one step of several.`,
        facts.signed
          ? 'Your statement is signed. From that day on these requests come to you, and you get a mail with each.'
          : 'They come to you once you have signed the confidentiality statement for this year.',
      ],
      action: facts.signed
        ? { label: 'See what waits for you', address: `${portal}/review` }
        : { label: 'Read and sign the statement', address: `${portal}/statement` },
    }),
  },
  {
    name: 'coordinators.duty-ended',
    word: ({ facts }) => ({
      subject: 'A duty of yours has ended',
      paragraphs: [
        `You are no longer ${facts.duty}.`,
        `Reason: ${facts.reason}`,
        'Requests that waited for you go to those who decide now. If you think this is wrong, write to the state office.',
      ],
    }),
  },
];
