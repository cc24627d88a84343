import type { Message } from '#notifications';
import { coordinatorMessages } from './coordinator-messages.js';

/** Everything a verb gives with any of these messages; `%` marks what was typed or names somebody. */
const facts: Record<string, string> = {
  id: '4b0c6f1e-0000-4000-8000-000000000000',
  by: '%Corinne Landry',
  day: '%June 1, 2027',
  name: '%Ana Ruiz',
  note: '%As we talked',
  only: '%Lee Park',
  person: '%Nell Carver',
  reason: '%On leave',
  scope: '%for Acadia Parish',
  step: 'approved',
  system: '%Acadia Parish',
  systemCode: '001',
  systems: '%Acadia Parish',
  title: '%Superintendent',
};

describe('messages about coordinators', () => {
  it.each(coordinatorMessages('https://portal.test').map((kind) => [kind.name, kind] as const))(
    'ML-3 %s: nothing is missing, the subject names nobody, the link leads to the portal',
    async (_, kind) => {
      const words = await kind.word({ facts } as unknown as Message, { em: undefined as never, forMail: true });
      const all = [words.subject, ...words.paragraphs, words.action?.address].join('\n');
      expect(all).not.toMatch(/undefined/);
      expect(words.subject).not.toContain('%');
      if (words.action) expect(new URL(words.action.address).origin).toBe('https://portal.test');
      const without = await kind.word({ facts: {} } as unknown as Message, { em: undefined as never, forMail: true });
      expect(without.subject).toBe(words.subject);
    },
  );

  it('asks nobody to sign what is signed', async () => {
    const { word } = coordinatorMessages('https://portal.test').find(({ name }) => name === 'coordinators.named')!;
    const told = async (more: object): Promise<string> =>
      JSON.stringify(
        await word({ facts: { ...facts, ...more } } as unknown as Message, { em: undefined as never, forMail: true }),
      );
    expect(await told({})).toContain('/statement');
    expect(await told({ signed: 'yes' })).not.toContain('/statement');
  });

  it.each([
    ['1', 'A school system has no security coordinator', 'Acadia Parish has no coordinator', 'The head of the school'],
    ['2', 'School systems have no security coordinator', 'These have no coordinator', 'The heads of these school'],
  ])('CO-6 tells the state desk of %s vacant school systems', async (count, subject, first, second) => {
    const { word } = coordinatorMessages('https://portal.test').find(({ name }) => name === 'coordinators.vacancies')!;
    const message = { facts: { ...facts, count } } as unknown as Message;
    const words = await word(message, { em: undefined as never, forMail: true });
    expect(words.subject).toBe(subject);
    expect(words.paragraphs[0]).toContain(first);
    expect(words.paragraphs[1]).toContain(second);
  });

  it.each(['approved', 'granted', 'refused', 'withdrawn'])('says how a designation that was %s went', async (step) => {
    const kind = coordinatorMessages('https://portal.test').find(({ name }) => name.endsWith('designation-moved'))!;
    const { paragraphs } = await kind.word({ facts: { ...facts, step } } as unknown as Message, {
      em: undefined as never,
      forMail: true,
    });
    expect(paragraphs[0]).not.toMatch(/undefined/);
    expect(paragraphs[1]).toContain('As we talked');
  });
});
