import { decisionFormOf } from './decision.form.js';

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

describe('the review form', () => {
  it('reads a decision a line and leaves the rest for later', () => {
    const form = decisionFormOf({
      _token: 'x',
      version: '3',
      [`verdict-${one}`]: 'approve',
      [`reason-${one}`]: '',
      [`reason-${two}`]: ' ',
    });
    expect(form).toEqual({
      version: 3,
      decisions: [{ lineId: one, verdict: 'approve', reason: undefined }],
      faults: [],
    });
  });

  it('wants a reason with a rejection, and a verdict with a reason', () => {
    const form = decisionFormOf({ version: '1', [`verdict-${one}`]: 'reject', [`reason-${two}`]: 'because' });
    expect(form.faults.map((fault) => fault.field)).toEqual([`reason-${one}`, `verdict-${two}`]);
  });

  it('wants something decided', () => {
    expect(decisionFormOf({ version: '1', [`verdict-${one}`]: '' }).faults).toEqual([
      { field: 'decisions', message: expect.any(String) },
    ]);
  });

  it('one answer for all is for the lines that have none of their own', () => {
    const all = { version: '1', 'verdict-all': 'reject', 'reason-all': 'Not this year' };
    expect(decisionFormOf({ ...all, [`verdict-${one}`]: 'approve', [`verdict-${two}`]: '' })).toMatchObject({
      decisions: [
        { lineId: one, verdict: 'approve', reason: undefined },
        { lineId: two, verdict: 'reject', reason: 'Not this year' },
      ],
      faults: [],
    });
    const missing = decisionFormOf({ ...all, 'reason-all': '', [`verdict-${two}`]: '' });
    expect(missing.faults).toEqual([{ field: 'reason-all', message: expect.any(String) }]);
    const loose = decisionFormOf({ version: '1', 'reason-all': 'why', [`verdict-${two}`]: 'approve' });
    expect(loose.faults.map(({ field }) => field)).toEqual(['verdict-all']);
  });

  it.each<Record<string, unknown>>([
    { status: 'approved' },
    { [`verdict-${one}`]: 'grant' },
    { 'verdict-1': 'approve' },
    { [`verdict-${one}`]: ['approve', 'reject'] },
    { version: '-1' },
    { __proto__x: 'y' },
    { constructor: 'x' },
  ])('IN-1 refuses %j', (more) => expect(() => decisionFormOf({ version: '1', ...more })).toThrow('kernel.bad-input'));
  it('IN-1 refuses a form without version', () => expect(() => decisionFormOf({})).toThrow('kernel.bad-input'));
});
