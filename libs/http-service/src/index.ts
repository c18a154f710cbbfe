export { createHttpService, type HttpServiceOptions } from './http-service';
export { serve } from './serve';
