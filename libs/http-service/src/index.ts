export { ask, NoAnswerError, type Answer, type Question } from './ask';
export { createHttpService, type HttpServiceOptions } from './http-service';
export { readPage, type PageFile } from './page-files';
export { serve } from './serve';
export { servePage } from './serve-page';
export { hasToken, isSameText, tokenOf } from './token';
export { addressOf, portOf, wholeOf, type Variables } from './variables';
