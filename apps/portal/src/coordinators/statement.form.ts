import { Equals, IsString, Length } from 'class-validator';

/** The statement, signed. */
export class StatementForm {
  /** Of the words the page showed. */
  @IsString()
  @Length(1, 40)
  version!: string;

  @Equals('yes', { message: 'Tick the box to sign' })
  agree!: string;
}
