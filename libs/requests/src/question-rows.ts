import type { EntityManager } from '@mikro-orm/postgresql';

/** The open questions of a request, each with the lines that wait for its answer. */
export async function openQuestions(em: EntityManager, requestId: string): Promise<Map<string, string[]>> {
  const rows = await em.execute<{ question_id: string; line_ids: string[] }[]>(
    `select q.question_id, array_agg(q.line_id::text) as line_ids from request_question_line q
     join request_line l on l.id = q.line_id and l.status = 'pending'
     where q.closed_at is null and l.request_id = ? group by 1`,
    [requestId],
  );
  return new Map(rows.map((row) => [row.question_id, row.line_ids]));
}

/** SQL: whether an open line, named by an alias, waits for an answer of the requester. */
export const waitsForAnswer = (line: string): string =>
  `exists (select 1 from request_question_line q where q.line_id = ${line}.id and q.closed_at is null)`;
