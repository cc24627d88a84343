import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsUUID, Length } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** Ends somebody's employment; without a last day at once. */
export class EndPersonForm {
  @IsOptional()
  @Transform(({ value }) => (value === '' ? undefined : (value as unknown)))
  @FormDay('Choose a day of the calendar, or leave it empty to end it at once')
  lastDay?: string;

  @Length(1, 2000, { message: 'Say why in 1 to 2,000 characters; the person reads it' })
  reason!: string;
}

/** Takes one permission away. */
export class RevokeForm {
  @IsUUID()
  grantId!: string;

  @Length(1, 2000, { message: 'Say why in 1 to 2,000 characters; the person reads it' })
  reason!: string;
}

/** The second person's word about a staff file. */
export class StaffFileForm {
  @IsUUID()
  id!: string;

  @IsIn(['confirmed', 'refused'])
  answer!: 'confirmed' | 'refused';
}
