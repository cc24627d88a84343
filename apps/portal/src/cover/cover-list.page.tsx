import type { VNode } from 'preact';
import type { Problem } from '#kernel';
import { ButtonLink, Empty, Page, type PageFrame, PersonName, Tag, Token } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';

/** A cover in force or to come. */
export interface ListedCover {
  id: string;
  /** Who is away, and who stands in. */
  coversFor: string;
  name: string;
  /** What for, in words. */
  words: string;
  fromDay: string;
  /** The first day back. */
  toDay: string;
  /** Whoever stands in has not signed the statement, and so decides nothing yet. */
  unsigned: boolean;
}

/** An assignment of one's own that can be covered. */
export interface CoverableScope {
  id: string;
  words: string;
}

interface CoverListProps {
  frame: PageFrame;
  given: ListedCover[];
  taken: ListedCover[];
  scopes: CoverableScope[];
  notice?: string;
  problem?: Problem;
}

/** Who decides for me while I am away, and for whom I decide. */
export const CoverListPage = ({ frame, given, taken, scopes, notice, problem }: CoverListProps): VNode => (
  <Page frame={frame} title="Cover while you are away" notice={notice}>
    {problem && <ProblemAlert problem={problem} />}
    <p>
      While you are away, somebody you name decides in your place. Requests that wait for you go to that person, and
      come back to you by themselves on your first day back.
    </p>
    {scopes.length > 0 && <Given frame={frame} given={given} scopes={scopes} />}
    <h2>For whom you cover</h2>
    {taken.length === 0 ? (
      <Empty>
        <p>Nobody at present. When a coordinator names you, you get a mail, and their requests stand in your list.</p>
      </Empty>
    ) : (
      <ul class="edlink-list">
        {taken.map((cover) => (
          <li>
            <p>
              You decide in place of{' '}
              <strong>
                <PersonName>{cover.coversFor}</PersonName>
              </strong>{' '}
              <CoverDays cover={cover} />.
            </p>
            <p class="edlink-quiet">{cover.words}</p>
            {cover.unsigned && (
              <p>
                <Tag tone="bad">Not signed</Tag> Until you <a href="/statement">sign the statement</a>, others decide.
              </p>
            )}
            <EndCover frame={frame} cover={cover} />
          </li>
        ))}
      </ul>
    )}
  </Page>
);

const Given = ({ frame, given, scopes }: Pick<CoverListProps, 'frame' | 'given' | 'scopes'>): VNode => (
  <>
    <h2>Who covers for you</h2>
    {given.length === 0 ? (
      <Empty>
        <p>Nobody. Name somebody before you are away for more than a day or two.</p>
      </Empty>
    ) : (
      <ul class="edlink-list">
        {given.map((cover) => (
          <li>
            <p>
              <strong>
                <PersonName>{cover.name}</PersonName>
              </strong>{' '}
              decides in your place <CoverDays cover={cover} />.
            </p>
            <p class="edlink-quiet">{cover.words}</p>
            {cover.unsigned && (
              <p>
                <NotSigned name={cover.name} />
              </p>
            )}
            <EndCover frame={frame} cover={cover} />
          </li>
        ))}
      </ul>
    )}
    <div class="edlink-actions">
      {scopes.map((scope) => (
        <ButtonLink href={`/cover/new?for=${scope.id}`}>
          Name a cover{scopes.length > 1 ? `: coordinator ${scope.words}` : ''}
        </ButtonLink>
      ))}
    </div>
  </>
);

/** Somebody who has not signed decides nothing. */
export const NotSigned = ({ name }: { name: string }): VNode => (
  <>
    <Tag tone="bad">Not signed</Tag> <PersonName>{name}</PersonName> has not signed the statement of coordinators.
    Others decide until that is done.
  </>
);

const EndCover = ({ frame, cover }: { frame: PageFrame; cover: ListedCover }): VNode => (
  <form method="post" action={`/cover/${cover.id}/end`}>
    <Token frame={frame} />
    <button class="usa-button usa-button--outline" type="submit">
      End this cover
      <span class="usa-sr-only">
        {' '}
        of {cover.coversFor} by {cover.name}
      </span>
    </button>
  </form>
);

const CoverDays = ({ cover: { fromDay, toDay } }: { cover: Pick<ListedCover, 'fromDay' | 'toDay'> }): VNode => (
  <>
    from {readableDay(fromDay)} to {readableLastDay(toDay)}
  </>
);
