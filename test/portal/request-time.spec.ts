import { days, localDay } from '#kernel';
import { TimeSweep } from '#requests';
import { startPortal, type TestPortal } from './portal.js';
import { ask, type Story, tellStory } from './story.js';

describe('the time of a request on pages', () => {
  let portal: TestPortal;
  let story: Story;
  beforeEach(async () => {
    portal = await startPortal();
    // A Thursday; the following Thursday is the fifth working day.
    portal.clock.advance(Date.parse('2027-08-12T15:00:00Z') - Date.now());
    story = await tellStory(portal);
  });
  afterEach(() => portal?.stop());

  const sweepIn = async (count: number): Promise<void> => {
    portal.clock.advance(days(count));
    await portal.app.get(TimeSweep, { strict: false }).followTime(localDay(portal.clock.now()));
  };

  it('says with whom a request is, since when, and when it is due; the waiting list too', async () => {
    const { id } = await ask(portal, story.teacher, story.school, { permissions: ['iep-form-writer'] });
    const [teacher, coordinator] = [await portal.signedIn(story.teacher), await portal.signedIn(story.coordinator)];
    const held = 'Marguerite Delahoussaye Since August 12, 2027, due Thursday, August 19 . What nobody decides before';
    expect((await teacher.open(`/requests/${id}`)).text).toContain(`${held} September 11, 2027 is closed then.`);
    expect((await coordinator.open(`/review/${id}`)).text).toContain(held);
    expect((await coordinator.open('/review')).text).toMatch(/sent August 12, 2027\s*, due Thursday, August 19/);
    portal.clock.advance(days(8));
    const late = await portal.signedIn(story.coordinator);
    expect((await late.open('/review')).text).toContain('was due Thursday, August 19');
  });

  it('says that it was passed on, and who may still decide', async () => {
    const { id } = await ask(portal, story.teacher, story.school, { permissions: ['iep-form-writer'] });
    await sweepIn(7);
    const teacher = await portal.signedIn(story.teacher);
    const { text } = await teacher.open(`/requests/${id}`);
    expect(text).toMatch(
      /Marguerite Delahoussaye \(asked before\).* Since August 19, 2027, due Thursday, August 26 \./,
    );
    expect(text).toContain('It was not decided in time, so the state office is asked too.');
    expect(text).toContain('Marguerite Delahoussaye (asked before)');
    expect(text).toContain('Not decided before Thursday, August 19, so the next in line are asked too.');
    expect(text).toContain('Went to Philippa Okafor at the state office.');
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open('/review')).text).toContain('One request waits for you.');
  });

  it('says that it was closed undecided, and how to ask again', async () => {
    const { id } = await ask(portal, story.teacher, story.school, { permissions: ['iep-form-writer'] });
    await sweepIn(30);
    const teacher = await portal.signedIn(story.teacher);
    const { text } = await teacher.open(`/requests/${id}`);
    expect(text).toContain('Not decided in time');
    expect(text).toContain('Closed, because nobody decided in time');
    expect(text).toMatch(/Still needed\? .*Ask again/);
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open(`/review/${id}`)).text).toContain('Nothing is left to decide here.');
    expect((await coordinator.open('/review')).text).toContain('Nothing waits for you');
  });
});
