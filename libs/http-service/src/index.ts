export { createHttpService, type HttpServiceOptions } from './http-service';
export { serve } from './serve';
export { addressOf, portOf, wholeOf, type Variables } from './variables';
