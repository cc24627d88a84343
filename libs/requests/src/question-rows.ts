import type { EntityManager } from '@mikro-orm/postgresql';
import type { QuestionView } from './request-views.js';

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

interface QuestionRow {
  id: string;
  askedBy: string;
  question: string;
  askedAt: string;
  answer: string | null;
  answeredAt: string | null;
  lineIds: string[];
  open: boolean;
}

/** The questions about lines, in order. */
export async function questionsAbout(
  em: EntityManager,
  lineIds: string[],
): Promise<(Omit<QuestionView, 'by'> & { askedBy: string })[]> {
  const rows = await em.execute<QuestionRow[]>(
    `select q.id, q.asked_by as "askedBy", q.question, q.asked_at as "askedAt", q.answer, q.answered_at as "answeredAt",
       array_agg(a.line_id::text order by l.position) as "lineIds",
       bool_or(a.closed_at is null and l.status = 'pending') as open
     from request_question q join request_question_line a on a.question_id = q.id join request_line l on l.id = a.line_id
     where a.line_id in (select value::uuid from json_array_elements_text(?::json)) group by q.id order by q.asked_at, q.id`,
    [JSON.stringify(lineIds)],
  );
  return rows.map(({ askedAt, answer, answeredAt, ...row }) => ({
    ...row,
    askedAt: new Date(askedAt),
    ...(answeredAt && { answer: answer!, answeredAt: new Date(answeredAt) }),
  }));
}

/** Which of some requests' open lines wait for an answer of the requester. */
export async function askedLines(em: EntityManager, requestIds: string[]): Promise<Set<string>> {
  const rows = await em.execute<{ line_id: string }[]>(
    `select l.id as line_id from request_line l
     where l.status = 'pending' and l.request_id in (select value::uuid from json_array_elements_text(?::json))
       and ${waitsForAnswer('l')}`,
    [JSON.stringify(requestIds)],
  );
  return new Set(rows.map((row) => row.line_id));
}

/** Lines about which a question was answered after a version of their request. */
export async function answeredSince(em: EntityManager, requestId: string, version: number): Promise<Set<string>> {
  const rows = await em.execute<{ line_id: string }[]>(
    `select a.line_id from request_question q join request_question_line a on a.question_id = q.id
     where q.request_id = ? and q.answered_version > ?`,
    [requestId, version],
  );
  return new Set(rows.map((row) => row.line_id));
}

/** Ends the questions that are open about lines: they were answered, or it went on without the answer. */
export async function closeQuestions(em: EntityManager, lineIds: string[], at: Date): Promise<void> {
  await em.execute(
    `update request_question_line set closed_at = ?
     where closed_at is null and line_id in (select value::uuid from json_array_elements_text(?::json))`,
    [at, JSON.stringify(lineIds)],
  );
}

/** SQL: whether an open line, named by an alias, waits for an answer of the requester: to a question, or to an offer of less. */
export const waitsForAnswer = (line: string): string =>
  `(exists (select 1 from request_question_line q where q.line_id = ${line}.id and q.closed_at is null)
    or exists (select 1 from line_offer o where o.line_id = ${line}.id and o.answer is null))`;
