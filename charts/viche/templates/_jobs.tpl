{{/* Wheels of plugins, fetched before the process starts; nothing where there are none. Takes root and component. */}}
{{- define "viche.fetchContainer" -}}
{{- if include "viche.fetchesPlugins" . }}
- name: plugins
  image: {{ include "viche.cliImage" .root }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args:
    - plugins
    - fetch
    - --into
    - /opt/viche-plugins
    {{- range .root.Values.plugins.install }}
    - {{ printf "%s#sha256=%s" .url .sha256 | quote }}
    {{- end }}
  {{- with concat (include "viche.certificateEnv" .root | fromYamlArray) .root.Values.extraEnv }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  resources:
    {{- toYaml .root.Values.migrations.resources | nindent 4 }}
  securityContext:
    {{- include "viche.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: plugins, mountPath: /opt/viche-plugins}
    {{- if .root.Values.certificates.existingConfigMap }}
    - {name: certificates, mountPath: /etc/viche/certificates, readOnly: true}
    {{- end }}
{{- end }}
{{- end }}

{{/*
A migration of one database in the pod that needs it, for databases that come with the release.
It waits for the database to come up; several pods that migrate at once wait for each other. Takes root and component.
*/}}
{{- define "viche.migrateContainer" -}}
{{- $services := include "viche.databaseServices" . | fromYamlArray -}}
{{- if and (eq .root.Values.migrations.mode "init") (has .component $services) }}
{{- $secret := include "viche.directSecret" (dict "root" .root "service" .component) | fromYaml }}
- name: migrate
  image: {{ include "viche.cliImage" .root }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args: [migrate, --service, {{ .component }}, --phase, pre, --wait, 5m]
  env:
    {{- include "viche.secretVar" (list "VICHE_DATABASE_URL" $secret.name $secret.key) | nindent 4 }}
    {{- with include "viche.certificateEnv" .root | trim }}
    {{- . | nindent 4 }}
    {{- end }}
  resources:
    {{- toYaml .root.Values.migrations.resources | nindent 4 }}
  securityContext:
    {{- include "viche.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    {{- if .root.Values.certificates.existingConfigMap }}
    - {name: certificates, mountPath: /etc/viche/certificates, readOnly: true}
    {{- end }}
{{- end }}
{{- end }}

{{/* What runs before a service starts. Takes root and component. */}}
{{- define "viche.initContainers" -}}
{{- include "viche.migrateContainer" . }}
{{- include "viche.fetchContainer" . }}
{{- end }}

{{/*
A Job's pod of the command line. Takes root, args (a list) and env (YAML).
*/}}
{{- define "viche.jobPod" -}}
{{- $given := dict "root" .root "component" "jobs" -}}
metadata:
  labels:
    {{- include "viche.podLabels" $given | nindent 4 }}
spec:
  {{- include "viche.podBasics" (merge (dict "account" (printf "%s-jobs" (include "viche.fullname" .root))) $given) | nindent 2 }}
  restartPolicy: Never
  containers:
    - name: viche
      image: {{ include "viche.cliImage" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ .args | toJson }}
      env:
        {{- .env | trim | nindent 8 }}
        {{- with include "viche.certificateEnv" .root | trim }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with .root.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .root.Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      resources:
        {{- toYaml .root.Values.migrations.resources | nindent 8 }}
      securityContext:
        {{- include "viche.containerSecurity" .root | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- if .root.Values.certificates.existingConfigMap }}
        - {name: certificates, mountPath: /etc/viche/certificates, readOnly: true}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {sizeLimit: 64Mi}
    {{- with .root.Values.certificates.existingConfigMap }}
    - name: certificates
      configMap: {name: {{ . }}}
    {{- end }}
{{- end }}

{{/* URLs of all databases, as a Job reads them: VICHE_IDENTITY_DATABASE_URL and so on. Takes the root. */}}
{{- define "viche.databaseUrls" -}}
{{- range include "viche.databaseServices" . | fromYamlArray }}
{{- $secret := include "viche.directSecret" (dict "root" $ "service" .) | fromYaml }}
{{ include "viche.secretVar" (list (printf "VICHE_%s_DATABASE_URL" (upper .)) $secret.name $secret.key) }}
{{- end }}
{{- end }}

{{/* How a Job is tried and given up. Takes the root. */}}
{{- define "viche.jobLimits" -}}
backoffLimit: {{ .Values.migrations.backoffLimit }}
activeDeadlineSeconds: {{ .Values.migrations.deadlineSeconds }}
{{- end }}

{{/* What a hook is: takes at ("pre-install,pre-upgrade"), weight, and keeps for what outlives its hook. */}}
{{- define "viche.hook" -}}
helm.sh/hook: {{ .at }}
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation{{ if not .keeps }},hook-succeeded{{ end }}
{{- end }}
