import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { isDay } from '#kernel';

/** The facts a person links a Staff ID with: shape only, the match is the staff lib's. */
export class StaffIdForm {
  @IsOptional()
  @Matches(/^\s*(\d{10})?\s*$/, { message: 'A Staff ID has 10 digits. Leave it empty if you do not know it' })
  staffId?: string;

  @IsString({ message: 'Enter your first name as your school has it' })
  @Length(1, 100, { message: 'Enter your first name as your school has it, at most 100 characters' })
  firstName!: string;

  @IsString({ message: 'Enter your last name as your school has it' })
  @Length(1, 100, { message: 'Enter your last name as your school has it, at most 100 characters' })
  lastName!: string;

  @Matches(/^\s*(0?[1-9]|1[0-2])\s*$/, { message: 'Enter the month of your birth, 1 to 12' })
  birthMonth!: string;

  @Matches(/^\s*(0?[1-9]|[12]\d|3[01])\s*$/, { message: 'Enter the day of your birth, 1 to 31' })
  birthDay!: string;

  @Matches(/^\s*(19|20)\d\d\s*$/, { message: 'Enter the year of your birth with four digits' })
  birthYear!: string;

  /** The page that needed the Staff ID; checked again before it is followed (WB-3). */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  next?: string;
}

/** 'YYYY-MM-DD', or undefined when there is no such day. */
export function birthDateOf({ birthYear, birthMonth, birthDay }: StaffIdForm): string | undefined {
  const day = [birthYear.trim(), birthMonth.trim().padStart(2, '0'), birthDay.trim().padStart(2, '0')].join('-');
  return isDay(day) ? day : undefined;
}
