package text

// The words for purposes, and for the kinds of records and their fields, by
// the names that the API has for them.
const (
	PurposePublicSafety Key = "purpose.public-safety"
	PurposeFireSafety   Key = "purpose.fire-safety"
	PurposeProperty     Key = "purpose.property-protection"
	PurposeProduction   Key = "purpose.production-safety"
	PurposeAccess       Key = "purpose.access-control"
	PurposeTraffic      Key = "purpose.traffic"
	PurposeInternal     Key = "purpose.internal-management"
	PurposeVisitors     Key = "purpose.visitor-reception"
	PurposeWorkplace    Key = "purpose.workplace-safety"
	PurposeCare         Key = "purpose.care"
	PurposeEvent        Key = "purpose.event"
	PurposeSubject      Key = "purpose.subject-access"
	KindSign            Key = "kind.sign"
	KindAssessment      Key = "kind.assessment"
	KindFiling          Key = "kind.filing"
	KindDeviceTest      Key = "kind.devicetest"
	KindComplaint       Key = "kind.complaint"
	KindExport          Key = "kind.export"
	KindRetention       Key = "kind.retention"
	KindInspection      Key = "kind.inspection"
	FieldPlaceOf        Key = "field.place"
	FieldCameraOf       Key = "field.camera"
	FieldDate           Key = "field.date"
	FieldPhoto          Key = "field.photo"
	FieldLayer          Key = "field.layer"
	FieldLink           Key = "field.link"
	FieldItems          Key = "field.items"
	FieldFile           Key = "field.file"
	FieldConfig         Key = "field.config"
	FieldReview         Key = "field.review"
	FieldOf             Key = "field.of"
	FieldReceipt        Key = "field.receipt"
	FieldCameras        Key = "field.cameras"
	FieldPassed         Key = "field.passed"
	FieldNote           Key = "field.note"
	FieldContent        Key = "field.content"
	FieldClosed         Key = "field.closed"
	FieldAnswer         Key = "field.answer"
	FieldReason         Key = "field.reason"
	FieldUnit           Key = "field.unit"
	FieldPerson         Key = "field.name"
	FieldPurposeOf      Key = "field.purpose"
	FieldPublic         Key = "field.public"
	FieldMaskedOf       Key = "field.masked"
	FieldHours          Key = "field.hours"
	FieldFound          Key = "field.found"
	FieldReported       Key = "field.reported"
	ItemLawfulness      Key = "item.lawfulness"
	ItemNecessity       Key = "item.necessity"
	ItemPrecision       Key = "item.precision"
	ItemMeasures        Key = "item.measures"
	ItemRisks           Key = "item.risks"
	ItemHarm            Key = "item.harm"
)

// Purpose returns the words for a purpose; the name itself where there are none.
func Purpose(name string) Key { return word("purpose.", name) }

// RecordKindName returns the words for a kind of records.
func RecordKindName(kind string) Key { return word("kind.", kind) }

// RecordField returns the words for a field of a record.
func RecordField(name string) Key { return word("field.", name) }

// AssessmentItem returns the words for an item of an assessment.
func AssessmentItem(name string) Key { return word("item.", name) }

var choices = table{
	PurposePublicSafety: {"public safety", "公共安全"},
	PurposeFireSafety:   {"fire safety", "消防安全"},
	PurposeProperty:     {"protection of property", "财产保护"},
	PurposeProduction:   {"safety at work", "安全生产"},
	PurposeAccess:       {"access control", "出入管理"},
	PurposeTraffic:      {"traffic", "交通管理"},
	PurposeInternal:     {"internal management", "内部管理"},
	PurposeVisitors:     {"reception of visitors", "访客接待"},
	PurposeWorkplace:    {"safety of dangerous work", "作业安全"},
	PurposeCare:         {"care", "看护照料"},
	PurposeEvent:        {"record of an event", "活动记录"},
	PurposeSubject:      {"copy of the own footage", "个人查阅、复制"},
	KindSign:            {"signs", "提示标识"},
	KindAssessment:      {"impact assessments", "个人信息保护影响评估"},
	KindFiling:          {"filings", "备案"},
	KindDeviceTest:      {"tests of cameras", "设备检测"},
	KindComplaint:       {"complaints", "投诉"},
	KindExport:          {"footage given out", "视频调取"},
	KindRetention:       {"keeping of footage", "保存期限"},
	KindInspection:      {"inspections", "巡查"},
	FieldPlaceOf:        {"place where it hangs", "张贴位置"},
	FieldCameraOf:       {"camera", "摄像机"},
	FieldDate:           {"day", "日期"},
	FieldPhoto:          {"photo (its SHA-256)", "照片（SHA-256）"},
	FieldLayer:          {"layer: 1 before entry, 2 full notice", "层级：1 进入前提示，2 完整告知"},
	FieldLink:           {"where the full notice is", "完整告知的位置"},
	FieldItems:          {"findings", "评估内容"},
	FieldFile:           {"signed document (its SHA-256)", "已签署文件（SHA-256）"},
	FieldConfig:         {"configuration assessed", "评估所依据的配置"},
	FieldReview:         {"day of the next review", "下次复核日期"},
	FieldOf:             {"what is filed", "备案事项"},
	FieldReceipt:        {"number of the receipt", "回执编号"},
	FieldCameras:        {"cameras", "摄像机"},
	FieldPassed:         {"passed", "是否通过"},
	FieldNote:           {"note", "备注"},
	FieldContent:        {"content", "内容"},
	FieldClosed:         {"day of settlement", "办结日期"},
	FieldAnswer:         {"how it was settled", "处理结果"},
	FieldReason:         {"reason", "原因"},
	FieldUnit:           {"unit", "单位"},
	FieldPerson:         {"name", "姓名"},
	FieldPurposeOf:      {"purpose", "用途"},
	FieldPublic:         {"to be shown to the public", "是否向公众展示"},
	FieldMaskedOf:       {"faces and plates masked for good", "人脸和车牌是否已永久遮挡"},
	FieldHours:          {"hours kept", "保存小时数"},
	FieldFound:          {"what was found", "巡查情况"},
	FieldReported:       {"day of the report to the police", "报告公安机关的日期"},
	ItemLawfulness:      {"are purpose and manner lawful, legitimate and necessary", "处理目的、方式是否合法、正当、必要"},
	ItemNecessity:       {"could it be done without", "是否具有必要性、可否以其他方式实现"},
	ItemPrecision:       {"are accuracy and distance what the purpose needs", "精度、距离等是否符合目的要求"},
	ItemMeasures:        {"do the measures of protection fit the risks", "保护措施是否与风险相适应"},
	ItemRisks:           {"risks of leaks, changes, loss and misuse", "泄露、篡改、丢失、滥用的风险"},
	ItemHarm:            {"harm to people and how it is lessened", "可能造成的损害及减轻措施"},
}
