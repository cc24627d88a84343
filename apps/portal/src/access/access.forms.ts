import { IsOptional, MaxLength } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** Gives up access of one's own. */
export class GiveUpForm {
  @IsOptional()
  @MaxLength(500, { message: 'Write at most 500 characters' })
  reason?: string;
}

/** Asks to keep access of one's own longer. */
export class LongerForm {
  @FormDay('Choose the last day you need it')
  lastDay!: string;

  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  why?: string;
}
