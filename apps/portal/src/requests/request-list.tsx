import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { RequestSummary } from '#requests';
import { isSimple, titleOf } from './line-words.js';
import { StatusCounts, StatusOf } from './request-status.js';

/** A person's requests, newest first. */
export const RequestList = ({ requests }: { requests: RequestSummary[] }): VNode => (
  <ul class="edlink-list">
    {requests.map((request) => (
      <li>
        <p>
          <a href={`/requests/${request.id}`}>{titleOf(request.lines)}</a>
          <br />
          <span class="edlink-quiet">
            {request.reference}, sent {readableDate(request.submittedAt)}
          </span>
        </p>
        {isSimple(request.lines) ? (
          <ul class="usa-list usa-list--unstyled">
            {request.lines.map((line) => (
              <li>
                {line.permission.name}: <StatusOf line={line} />
              </li>
            ))}
          </ul>
        ) : (
          <p>
            {request.lines.length} permissions: <StatusCounts lines={request.lines} />
          </p>
        )}
      </li>
    ))}
  </ul>
);
