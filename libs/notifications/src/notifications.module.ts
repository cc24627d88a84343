import { Global, Module } from '@nestjs/common';
import { MessageKinds } from './message-kinds.js';
import { NotificationsService } from './notifications.service.js';

@Global()
@Module({ providers: [MessageKinds, NotificationsService], exports: [MessageKinds, NotificationsService] })
export class NotificationsModule {}
