import { Transform } from 'class-transformer';
import { IsHexadecimal, IsOptional, IsString, MaxLength } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** What the state office can do with a site; each has a form of its own on the page. */
export const placeChanges = ['serve', 'move', 'close', 'merge'] as const;
export type PlaceChange = (typeof placeChanges)[number];

/** A change of a site: to which system or site, from when, why. What each needs, `placeChangeFaults` says. */
export class PlaceChangeForm {
  /** Name or code, as typed. */
  @IsOptional()
  @IsString()
  @MaxLength(100, { message: 'Type a name or a code' })
  to?: string;

  @IsOptional()
  @Transform(({ value }) => (value === '' ? undefined : (value as unknown)))
  @FormDay('Choose a day, or leave it empty for today')
  fromDay?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  reason?: string;

  @IsOptional()
  @IsHexadecimal()
  @MaxLength(128)
  planHash?: string;
}
