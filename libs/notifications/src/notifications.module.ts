import { Global, Module } from '@nestjs/common';
import { MessageKinds } from './message-kinds.js';
import { MessageList } from './message-list.js';
import { NotificationsService } from './notifications.service.js';

@Global()
@Module({
  providers: [MessageKinds, MessageList, NotificationsService],
  exports: [MessageKinds, MessageList, NotificationsService],
})
export class NotificationsModule {}
