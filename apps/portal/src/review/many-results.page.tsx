import type { VNode } from 'preact';
import type { DecisionResult } from '#requests';
import { ButtonLink, Page, type PageFrame, Tag } from '#web';

/** What became of decisions about many requests: one row a request and outcome. */
export function ManyResultsPage({
  frame,
  results,
  back,
}: {
  frame: PageFrame;
  results: DecisionResult[];
  /** Address of the list as it was looked at. */
  back: string;
}): VNode {
  const saved = results.filter(({ problem }) => !problem).length;
  const rows = new Map<string, { one: DecisionResult; count: number }>();
  for (const one of results) {
    const key = `${one.requestId} ${one.problem?.detail ?? ''}`;
    rows.set(key, { one, count: (rows.get(key)?.count ?? 0) + 1 });
  }
  return (
    <Page frame={frame} title="Your decisions">
      <p role="status">
        {saved} of {results.length} {results.length === 1 ? 'decision' : 'decisions'} saved. Whoever asked is told.
      </p>
      <ul class="edlink-list">
        {[...rows.values()].map(({ one: { requestId, reference, problem }, count }) => (
          <li>
            <p>
              <a href={`/review/${requestId}`}>{reference}</a>, {count === 1 ? '1 permission' : `${count} permissions`}:{' '}
              {problem ? <Tag tone="bad">Not saved</Tag> : <Tag tone="good">Saved</Tag>}
            </p>
            {problem && (
              <p>
                {problem.title}. {problem.detail}
              </p>
            )}
          </li>
        ))}
      </ul>
      <ButtonLink href={back}>Back to the list</ButtonLink>
    </Page>
  );
}
