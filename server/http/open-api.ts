import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** What stands above the routes in the OpenAPI document; they bring their own schemas. */
export const openApiDocument: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.0.3',
    info: { title: 'Vitascope', version: '1', description: 'Live streams, and what is done with them.' },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: '`http.token` of the configuration, where there is one' },
        key: { type: 'apiKey', in: 'query', name: 'key', description: 'The play key of a stream, where it has one' },
      },
    },
    security: [{ token: [] }, {}],
  },
};
