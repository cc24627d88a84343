import { IsString } from 'class-validator';

/** Shape only; what fits is the accounts lib's to say. */
export class RegisterForm {
  @IsString({ message: 'Type your first name.' })
  firstName!: string;

  @IsString({ message: 'Type your last name.' })
  lastName!: string;

  @IsString({ message: 'Choose a user name.' })
  userName!: string;

  @IsString({ message: 'Type your work e-mail address.' })
  email!: string;

  @IsString({ message: 'Choose a passphrase.' })
  passphrase!: string;
}
