import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import type { FieldFault } from '#kernel';
import { FormDay } from '../parts/form-day.js';

const orNothing = Transform(({ value }) => (value === '' ? undefined : (value as unknown)));

/** The head's form. Whether scope, days and person fit, the library says. */
export class DesignateForm {
  @Matches(/^[0-9A-Z][0-9A-Z-]{0,29}$/, { message: 'Choose the school system' })
  system!: string;

  @IsString({ message: 'Type the Staff ID' })
  @Matches(/^\s*\d{10}\s*$/, { message: 'A Staff ID has 10 digits' })
  staffId!: string;

  @IsIn(['system', 'group', 'site'], { message: 'Choose what the person decides for' })
  reach!: 'system' | 'group' | 'site';

  /** Chosen from a list, or typed where the list would be too long. */
  @IsOptional()
  @Transform(({ value }) =>
    ([] as unknown[])
      .concat(value ?? [])
      .flatMap((one) => (typeof one === 'string' ? one.toUpperCase().split(/[\s,;]+/) : [one]))
      .filter((one) => one !== ''),
  )
  @ArrayMaxSize(2000, { message: 'Choose at most 2,000 sites; for more, choose the whole school system' })
  @Matches(/^[0-9A-Z][0-9A-Z-]{0,29}$/, { each: true, message: 'One of the codes is none. Check them' })
  site?: string[];

  @IsOptional()
  @orNothing
  @Matches(/^[a-z0-9][a-z0-9-]{0,80}$/)
  application?: string;

  @IsOptional()
  @orNothing
  @FormDay('Choose a day, or leave it empty for today')
  fromDay?: string;

  /** The last day; the library counts the day after. */
  @IsOptional()
  @orNothing
  @FormDay('Choose a day, or leave it empty')
  lastDay?: string;

  @IsString({ message: 'Write why this person' })
  @Length(1, 2000, { message: 'Write why this person, at most 2,000 characters' })
  reason!: string;

  /** Made with the page: the same page sent twice is one designation. */
  @IsUUID()
  formKey!: string;
}

/** What only the fields together can say. */
export function scopeFaults({ reach, site = [] }: DesignateForm): FieldFault[] {
  if (reach === 'site' && site.length !== 1) return [{ field: 'site', message: 'Choose the one site' }];
  if (reach === 'group' && site.length < 2) return [{ field: 'site', message: 'Choose the sites of the group' }];
  return [];
}
