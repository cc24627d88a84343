import { IsOptional, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** Standing down; `planHash` once the plan was seen. */
export class StandDownForm {
  /** 'YYYY-MM-DD'; empty: now. */
  @ValidateIf((form: StandDownForm) => !!form.lastDay)
  @FormDay('Choose a day of the calendar, or leave it empty')
  lastDay?: string;

  @IsString({ message: 'Say why' })
  @Length(1, 2000, { message: 'Say why, in at most 2,000 characters' })
  reason!: string;

  @IsOptional()
  @Matches(/^[0-9a-f]{1,128}$/)
  planHash?: string;
}
