import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

const orNothing = Transform(({ value }) => (value === '' ? undefined : (value as unknown)));

/** Who is to hold which duty. Whether person, place and days fit, the library says. */
export class NameDutyForm {
  @IsIn(['special-education-supervisor', 'application-owner'], { message: 'Choose the duty' })
  duty!: 'special-education-supervisor' | 'application-owner';

  @IsString({ message: 'Type the Staff ID' })
  @Matches(/^\s*\d{10}\s*$/, { message: 'A Staff ID has 10 digits' })
  staffId!: string;

  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.trim().toUpperCase() || undefined : (value as unknown)))
  @Matches(/^[0-9A-Z][0-9A-Z-]{0,29}$/, { message: 'Type the code of the school system, such as 001' })
  system?: string;

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
}

/** Why a duty ends. */
export class EndDutyForm {
  @IsString({ message: 'Write why; it is kept' })
  @Length(1, 2000, { message: 'Write why, at most 2,000 characters; it is kept' })
  reason!: string;
}
