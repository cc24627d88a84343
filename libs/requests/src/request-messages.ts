import type { MessageKind, Wording } from '#notifications';

type Facts = Record<string, string>;

/** What people are told about requests. Facts hold names and words; subjects are static (ML-3). */
export const requestMessages = (portal: string): MessageKind[] => {
  const kind = (name: string, word: (facts: Facts) => Wording): MessageKind => ({
    name,
    word: ({ facts }) => word(facts),
  });
  const to = (label: string, page: 'requests' | 'review', facts: Facts): Wording['action'] => ({
    label,
    address: new URL(`/${page}/${encodeURIComponent(facts.requestId!)}`, portal).href,
  });
  return [
    kind('request.submitted', (facts) => ({
      subject: 'A request for access waits for you',
      paragraphs: [
        `${facts.requester} asks for ${facts.asked} in ${facts.application} at ${facts.place} (${facts.reference}).`,
        ...listed(facts, 'item'),
        'You are among those who may decide it. Whoever acts first decides; nothing more is needed from the others.',
      ],
      action: to('Read it and decide', 'review', facts),
    })),
    kind('request.decided', (facts) => ({
      subject: 'Your request for access was decided',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}:`,
        ...listed(facts, 'outcome'),
        afterwards(facts),
      ],
      action: to('See your request', 'requests', facts),
    })),
    kind('request.offered', (facts) => ({
      subject: 'You are offered less than you asked for',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.asked} in ${facts.application} at ${facts.place}: ${facts.author} would approve a part of it.`,
        'Nothing changes until you agree. If you do not, your request stays as it is and still waits for a decision.',
      ],
      action: to('Read it and answer', 'requests', facts),
    })),
    kind('request.offer-answered', (facts) => ({
      subject: 'Your offer was answered',
      paragraphs: [
        facts.answer === 'accepted'
          ? `${facts.requester} agreed to less in ${facts.reference} at ${facts.place}. It is approved as you offered it; there is nothing left to do for you.`
          : `${facts.requester} would like to keep ${facts.reference} for ${facts.asked} at ${facts.place} as it is. It still waits for a decision.`,
      ],
      action: to('See the request', 'review', facts),
    })),
    kind('request.withdrawn', (facts) => ({
      subject: 'A request for access was withdrawn',
      paragraphs: [
        `${facts.requester} withdrew the request ${facts.reference} for ${facts.asked} in ${facts.application} at ${facts.place}.`,
        'There is nothing left to do for you.',
      ],
    })),
    kind('request.note', (facts) => ({
      subject: 'There is a new note on a request',
      paragraphs: [
        `${facts.author} wrote a note on the request ${facts.reference} for ${facts.application} at ${facts.place}.`,
      ],
      action: to('Read the note', facts.page === 'review' ? 'review' : 'requests', facts),
    })),
    kind('request.suggested', (facts) => ({
      subject: 'A coordinator suggests another place for your request',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}: ${facts.author} suggests to ask for the whole of ${facts.system} instead.`,
        'Nothing changes until you agree. If you do not, your request stays as it is.',
      ],
      action: to('Read it and answer', 'requests', facts),
    })),
    kind('request.suggestion-answered', (facts) => ({
      subject: 'Your suggestion was answered',
      paragraphs: [
        facts.answer === 'accepted'
          ? `${facts.requester} agreed: ${facts.reference} at ${facts.place} is withdrawn, and ${facts.made} asks for the whole school system.`
          : `${facts.requester} would like to keep ${facts.reference} for ${facts.place} as it is. It still waits for a decision.`,
      ],
      ...(facts.answer !== 'accepted' && { action: to('Read it and decide', 'review', facts) }),
    })),
  ];
};

function afterwards(facts: Facts): string {
  if (facts.approved === '0')
    return 'If you think this is a mistake, write a note on the request or ask your coordinator.';
  if (facts.later === 'true')
    return 'What was approved works from its first day on; until then there is nothing to do.';
  return `What was approved works from now on: open ${facts.application} and sign in with this account.`;
}

/** The facts whose names begin so, in order. */
const listed = (facts: Facts, begin: string): string[] =>
  Object.keys(facts)
    .filter((name) => name.startsWith(begin))
    .sort()
    .map((name) => facts[name]!);
