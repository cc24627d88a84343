import type { MessageKind } from '#notifications';

/** What people are told about coordinators. Facts hold names and words, `day` a day in words. */
export const coordinatorMessages = (portal: string): MessageKind[] => [
  {
    name: 'coordinators.named',
    word: ({ facts }) => ({
      subject: 'You are named as a security coordinator',
      paragraphs: [
        `From ${facts.day} you are a security coordinator ${facts.scope}.`,
        facts.signed
          ? 'Your statement is signed. From that day on requests come to you, and you get a mail with each.'
          : 'Requests come to you once you have signed the confidentiality statement for this year.',
      ],
      action: facts.signed
        ? { label: 'See your sites and who else decides there', address: `${portal}/my-sites` }
        : { label: 'Read and sign the statement', address: `${portal}/statement` },
    }),
  },
  {
    name: 'coordinators.ended',
    word: ({ facts }) => ({
      subject: 'Your duties as a security coordinator end',
      paragraphs: [
        `The state office ended your duties as a security coordinator ${facts.scope}, from ${facts.day} on.`,
        `Reason: ${facts.reason}`,
        'Requests that wait for you go to those who decide then. If you think this is wrong, write to the state office.',
      ],
    }),
  },
  {
    name: 'coordinators.left',
    word: ({ facts }) => ({
      subject: 'A security coordinator of your school system leaves',
      paragraphs: [
        `From ${facts.day} on, ${facts.name} is no longer a security coordinator ${facts.scope}.`,
        ...(facts.reason ? [`Reason: ${facts.reason}`] : []),
      ],
      action: { label: 'See who decides in your school system', address: `${portal}/systems/${facts.systemCode}` },
    }),
  },
  {
    name: 'coordinators.only-one',
    word: ({ facts }) => ({
      subject: 'You are the only security coordinator of your school system',
      paragraphs: [
        `${facts.day ? `From ${facts.day} on you are the only coordinator of ${facts.system}` : `You are the only coordinator of ${facts.system} now`}: ${facts.name} leaves.`,
        'When you are away and nobody stands in, requests for the whole school system wait for you. Name a cover before you leave; the head of the school system can designate a second coordinator.',
      ],
      action: { label: 'Name a cover', address: `${portal}/cover` },
    }),
  },
  {
    name: 'coordinators.only-one-left',
    word: ({ facts }) => ({
      subject: 'A school system has only one security coordinator',
      paragraphs: [
        `${facts.day ? `From ${facts.day} on ${facts.system} has only one coordinator` : `${facts.system} has only one coordinator now`}, ${facts.only}: ${facts.name} leaves.`,
        'The head of the school system can designate a second one.',
      ],
      action: { label: 'See who decides there', address: `${portal}/systems/${facts.systemCode}` },
    }),
  },
  {
    name: 'coordinators.vacancy',
    word: ({ facts }) => ({
      subject: 'A school system has no security coordinator',
      paragraphs: [
        `${facts.system} has no coordinator for the whole school system. ${facts.reason}`,
        'The state office stands in until there is one. The head of the school system designates a successor.',
      ],
      action: { label: 'See who decides there', address: `${portal}/systems/${facts.systemCode}` },
    }),
  },
  {
    name: 'coordinators.vacancies',
    word: ({ facts }) => ({
      subject:
        facts.count === '1'
          ? 'A school system has no security coordinator'
          : 'School systems have no security coordinator',
      paragraphs:
        facts.count === '1'
          ? [
              `${facts.systems} has no coordinator for the whole school system. ${facts.reason}`,
              'The state office stands in until there is one. The head of the school system is told too.',
            ]
          : [
              `These have no coordinator for the whole school system: ${facts.systems}. ${facts.reason}`,
              'The state office stands in until they have one. The heads of these school systems are told too.',
            ],
      action: { label: 'See where somebody is missing', address: `${portal}/state/coverage` },
    }),
  },
  {
    name: 'coordinators.head-named',
    word: ({ facts }) => ({
      subject: 'You are on record as the head of a school system',
      paragraphs: [
        `You are on record as ${facts.title} of ${facts.system}. You designate its security coordinators; the state office approves them.`,
        'If this is wrong, write to the state office.',
      ],
      action: { label: 'Designate a coordinator', address: `${portal}/designate` },
    }),
  },
  {
    name: 'coordinators.designation-proposed',
    word: ({ facts }) => ({
      subject: 'A designation waits for the state office',
      paragraphs: [`${facts.by} designates ${facts.person} as security coordinator ${facts.scope}.`],
      action: { label: 'Read it and decide', address: `${portal}/state/designations/${facts.id}` },
    }),
  },
  {
    name: 'coordinators.designation-approved',
    word: ({ facts }) => ({
      subject: 'You are designated as a security coordinator',
      paragraphs: [
        `${facts.by} designated you as security coordinator ${facts.scope}, and the state office approved it.`,
        'Sign the confidentiality statement and ask for coordinator access; the state office then grants it.',
      ],
      action: { label: 'Ask for coordinator access', address: `${portal}/coordinator-access/${facts.id}` },
    }),
  },
  {
    name: 'coordinators.designation-asked',
    word: ({ facts }) => ({
      subject: 'Somebody asks for coordinator access',
      paragraphs: [
        `${facts.person} signed the statement and asks for access as security coordinator ${facts.scope}, as approved before.`,
      ],
      action: { label: 'Grant it', address: `${portal}/state/designations/${facts.id}` },
    }),
  },
  {
    name: 'coordinators.designation-moved',
    word: ({ facts }) => ({
      subject: 'A designation has moved on',
      paragraphs: [
        `About ${facts.person} as security coordinator ${facts.scope}: ${outcomes[facts.step ?? '']}`,
        ...(facts.note ? [`What was said: ${facts.note}`] : []),
      ],
    }),
  },
];

/** By the step that was taken, told to those it is no longer up to. */
const outcomes: Record<string, string> = {
  approved: 'the state office approved it. The person is told to sign the statement and to ask for access.',
  granted: 'the state office granted access.',
  refused: 'the state office did not agree.',
  withdrawn: 'it was taken back.',
};
