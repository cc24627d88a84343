import type { VNode } from 'preact';
import type { PictureCover } from '#oversight';
import { PersonName } from '#web';
import { readableDay, readableLastDay } from './days.js';

/** Who stands in, for whom, from when until when, and what for. */
export const CoverWords = ({ cover }: { cover: PictureCover }): VNode => (
  <>
    <PersonName>{cover.name}</PersonName> stands in for <PersonName>{cover.coversFor}</PersonName> from{' '}
    {readableDay(cover.fromDay)} until {readableLastDay(cover.toDay)}
    {cover.sites !== undefined && `, for ${cover.sites} ${cover.sites === 1 ? 'site' : 'sites'}`}
    {cover.application && `, ${cover.application} only`}
  </>
);
