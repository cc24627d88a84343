import { Transform } from 'class-transformer';
import { Equals, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

/** The designated person declines. */
export class DeclineForm {
  /** Of the designation the page showed. */
  @Transform(({ value }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(999_999_999)
  version!: number;
}

/** The designated person asks for coordinator access; the statement is signed with it where it is not in force. */
export class AskAccessForm extends DeclineForm {
  /** Version of the statement the page showed; absent when it is in force. */
  @IsOptional()
  @IsString()
  @Length(1, 40)
  statement?: string;

  @IsOptional()
  @Equals('yes', { message: 'Tick the box to sign' })
  agree?: string;
}
