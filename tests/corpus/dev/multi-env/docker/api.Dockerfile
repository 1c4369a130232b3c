ARG NODE=20
FROM node:${NODE}-bullseye-slim
ARG NPM_TOKEN
ARG BUILD_ENV=production
WORKDIR /srv
COPY package*.json ./
RUN echo "//npm.example.com/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci && rm -f .npmrc
COPY . .
RUN if [ "$BUILD_ENV" = "production" ]; then npm run build && npm prune --production; fi
USER node
EXPOSE 4000 9229
CMD ["node", "dist/server.js"]
