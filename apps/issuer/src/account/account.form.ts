import { IsNotEmpty, IsString } from 'class-validator';

export class ChangePassphraseForm {
  @IsString({ message: 'Type the passphrase you have now.' })
  @IsNotEmpty({ message: 'Type the passphrase you have now.' })
  current!: string;

  @IsString({ message: 'Choose a new passphrase.' })
  passphrase!: string;
}

export class ChangeAddressForm {
  @IsString({ message: 'Type your new e-mail address.' })
  email!: string;

  @IsString({ message: 'Type the passphrase you have now.' })
  @IsNotEmpty({ message: 'Type the passphrase you have now.' })
  current!: string;
}
